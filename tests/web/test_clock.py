"""Eight hours of a page whose clocks run wrong and whose line is uneven, compressed: is the sound where it should be?

The page's own modules run on a made-up machine: its clock and its sound card each run a thousandth fast or slow, and
each way of a ping takes 5 to 105 ms (±50 ms of jitter, not the same both ways).
"""

import pytest

from tests.web.conftest import Window

pytestmark = [pytest.mark.story, pytest.mark.asyncio(loop_scope="session")]

EIGHT_HOURS = """
async ({ clockDrift, soundDrift, seconds }) => {
  const { ClockEstimate } = await import("/static/js/clock.js");
  let state = 20261124;
  const chance = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
  let truth = 0; // ms of the server's clock
  const ours = (at) => 5_000 + at * (1 + clockDrift); // what this machine's clock shows then
  const card = (at) => 3 + (at / 1000) * (1 + soundDrift); // what its sound card shows, seconds

  class FakeContext {
    state = "running";
    destination = {};
    get currentTime() { return card(truth); }
    async decodeAudioData() { return { duration: 3 }; }
  }
  const node = { connect: (next) => next, start() {}, stop() {}, gain: {} };
  window.AudioContext = FakeContext;
  window.GainNode = function GainNode() { return { ...node }; };
  window.AudioBufferSourceNode = function AudioBufferSourceNode() { return { ...node }; };
  const { Voice } = await import("/static/js/voice.js");

  const estimate = new ClockEstimate(-5_000);
  const clock = { now: () => ours(truth) + estimate.offset(ours(truth)) };
  const voice = new Voice(clock, () => {}, true);
  const ping = () => {
    const there = 5 + 100 * chance(), back = 5 + 100 * chance();
    estimate.heard(ours(truth), ours(truth + there + back), truth + there);
  };
  for (let i = 0; i < 8; i += 1) ping();
  let worstClock = 0, worstSound = 0, sounding = 0;
  for (let second = 1; second < seconds; second += 1) {
    truth = second * 1000;
    if (second % 10 === 0) ping();
    worstClock = Math.max(worstClock, Math.abs(clock.now() - truth));
    if (second % 3 !== 0) continue;
    const line = "l" + Math.floor(second / 60);
    const speech = { line, clause: second, starts_ms: truth + 150, seconds: 3, visemes: [] };
    await voice.sound(voice.expect(speech), null);
    truth += 1_650; // in its middle
    const now = voice.current();
    if (now?.clause.source && now.speech.clause === second) {
      sounding += 1;
      worstSound = Math.max(worstSound, Math.abs(now.position * 1000 - 1_500));
    }
  }
  return { worstClock, worstSound, sounding };
}
"""


@pytest.mark.parametrize("clock_drift", [-0.001, 0.001])
@pytest.mark.parametrize("sound_drift", [-0.001, 0.001])
async def test_the_sound_stays_within_eighty_milliseconds_for_eight_hours(
    address: str, window: Window, clock_drift: float, sound_drift: float
) -> None:
    page = await window()
    await page.goto(f"{address}/static/js/clock.js")  # a page of ours with nothing running on it
    found = await page.evaluate(
        EIGHT_HOURS, {"clockDrift": clock_drift, "soundDrift": sound_drift, "seconds": 8 * 3600}
    )
    assert found["sounding"] == 8 * 3600 // 3 - 1
    assert found["worstClock"] <= 60
    assert found["worstSound"] <= 80


async def test_a_clock_that_was_set_is_believed_at_once(address: str, window: Window) -> None:
    page = await window()
    await page.goto(f"{address}/static/js/clock.js")
    found = await page.evaluate(
        """async () => {
          const { ClockEstimate } = await import("/static/js/clock.js");
          const estimate = new ClockEstimate(0);
          for (let at = 0; at < 60_000; at += 10_000) estimate.heard(at, at + 20, at + 10 + 7_000);
          const before = estimate.offset(60_000);
          estimate.heard(60_000, 60_020, 60_010 + 4_000);
          return { before, after: estimate.offset(60_020) };
        }"""
    )
    assert found["before"] == pytest.approx(7_000, abs=1)
    assert found["after"] == pytest.approx(4_000, abs=1)
