// A living portrait: the host breathes and blinks, mouth closed.

for (const canvas of document.querySelectorAll("canvas[data-host]")) breathe(canvas);

async function breathe(canvas) {
  const { HostPlayer } = await import("/static/js/host.js");
  const player = new HostPlayer(canvas, canvas.dataset.host);
  await player.load();
  player.setTrack([], 0);
  canvas.classList.add("portrait-ready");
  const frame = () => {
    player.draw(performance.now() / 1000);
    requestAnimationFrame(frame);
  };
  frame();
}
