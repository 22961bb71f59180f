// A living portrait: the host breathes and blinks, mouth closed.

const FRAME = 1000 / 20 - 4; // ms; breathing needs no more

for (const canvas of document.querySelectorAll("canvas[data-host]")) breathe(canvas);

async function breathe(canvas) {
  const { HostPlayer } = await import("/static/js/host.js");
  const player = new HostPlayer(canvas, canvas.dataset.host);
  await player.load();
  player.setTrack([], 0);
  canvas.classList.add("portrait-ready");
  let drawn = 0;
  const frame = (moment) => {
    requestAnimationFrame(frame);
    if (moment - drawn < FRAME) return;
    drawn = moment;
    player.draw(moment / 1000);
  };
  requestAnimationFrame(frame);
}
