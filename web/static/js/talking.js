// A host that speaks what is listened to: tracks are queued on the page's clock, between them it breathes.

const FRAME = 1000 / 30 - 3; // ms

export class Talking {
  #player = null;
  #base = null;
  #queue = []; // {visemes, start} by performance.now() seconds
  #drawn = 0;
  #running = false;

  constructor(canvas) {
    this.canvas = canvas;
  }

  /** Show the host whose atlas lies under `base`. */
  async show(base) {
    if (base === this.#base) return;
    this.#base = base;
    const { HostPlayer } = await import("/static/js/host.js");
    const player = new HostPlayer(this.canvas, base);
    await player.load();
    if (base !== this.#base) return; // another one was chosen meanwhile
    this.#player = player;
    player.setTrack([], 0);
    this.canvas.classList.add("portrait-ready");
    if (!this.#running) requestAnimationFrame((moment) => this.#frame(moment));
    this.#running = true;
  }

  /** The voice that goes with the host shown, by language; none before it is there. */
  voice(lang) {
    return this.#player?.about.voice[lang];
  }

  /** Speak a clause that sounds in `inSeconds`. */
  say(visemes, inSeconds) {
    this.#queue.push({ visemes, start: performance.now() / 1000 + inSeconds });
  }

  /** Close the mouth. */
  quiet() {
    this.#queue = [];
    this.#player?.setTrack([], 0);
  }

  #frame(moment) {
    requestAnimationFrame((next) => this.#frame(next));
    if (moment - this.#drawn < FRAME || this.canvas.hidden) return;
    this.#drawn = moment;
    const now = moment / 1000;
    while (this.#queue.length && this.#queue[0].start <= now + 0.02) {
      const { visemes, start } = this.#queue.shift();
      this.#player.setTrack(visemes, start);
    }
    this.#player.draw(now);
  }
}
