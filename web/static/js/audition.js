// Listening without the stage: a line arrives clause by clause, is played gaplessly and drives a host's mouth.

let context = null;
let speaking = null; // what is being heard: {stop(), button}

export class VoiceAway extends Error {}

/** Stop whatever is being heard. */
export function hush() {
  speaking?.stop();
}

/**
 * Hear what `path` streams (lines of JSON: text, seconds, visemes, sound in base64; then `end` or `away`).
 * `onClause(clause, startsInSeconds)` is called as each is placed, `onEnd()` once. Throws VoiceAway.
 */
export async function listen(path, body, { onClause = () => {}, onEnd = () => {} } = {}) {
  hush();
  context ??= new AudioContext();
  await context.resume();
  const stopped = new AbortController();
  const sources = [];
  let tail = 0;
  let over = false;
  const finish = () => {
    if (over) return;
    over = true;
    if (speaking?.stop === stop) speaking = null;
    onEnd();
  };
  const stop = () => {
    stopped.abort();
    for (const source of sources) source.stop();
    finish();
  };
  speaking = { stop };
  try {
    const answer = await fetch(path, {
      method: "POST", signal: stopped.signal,
      headers: { "content-type": "application/json", accept: "application/json" }, body: JSON.stringify(body),
    });
    if (!answer.ok) throw new VoiceAway(String(answer.status));
    for await (const made of lines(answer.body)) {
      if (made.away) throw new VoiceAway("away");
      if (made.end) break;
      const bytes = Uint8Array.from(atob(made.sound), (char) => char.charCodeAt(0));
      const buffer = await context.decodeAudioData(bytes.buffer);
      if (over) return;
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(context.destination);
      const starts = Math.max(context.currentTime + 0.05, tail);
      source.start(starts);
      tail = starts + buffer.duration;
      sources.push(source);
      onClause(made, starts - context.currentTime);
    }
    const last = sources.at(-1);
    if (!last || tail <= context.currentTime) finish();
    else last.onended = finish;
  } catch (error) {
    finish();
    if (error.name !== "AbortError") throw error;
  }
}

async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let kept = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (kept + value).split("\n");
    kept = parts.pop();
    for (const part of parts) if (part) yield JSON.parse(part);
  }
}
