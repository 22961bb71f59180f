// The digital human on the stage: its mouth follows the voice's own position, its rest the page's clock.

const DRIFT = 0.015; // seconds between voice and track before the track is laid anew

export class HostStage {
  #canvas;
  #player = null;
  #base = null;
  #track = { key: null, start: 0, visemes: [] };
  #poseAt = null;

  constructor(canvas) {
    this.#canvas = canvas;
  }

  /** Load the host whose atlas lies under `base`. Throws when it cannot be read. */
  async load(base) {
    if (base === this.#base) return;
    this.#base = base;
    const { HostPlayer, poseAt } = await import("/static/js/host.js");
    const player = new HostPlayer(this.#canvas, base);
    await player.load();
    this.#poseAt = poseAt;
    this.#player = player;
    this.#track.key = null;
  }

  get ready() {
    return this.#player !== null;
  }

  /** Draw this moment: `now` is `Voice.current()`, null closes the mouth. */
  draw(now) {
    const seconds = performance.now() / 1000;
    const key = now && `${now.speech.line}/${now.speech.clause}`;
    const start = now ? seconds - now.position : 0;
    if (key !== this.#track.key || (now && Math.abs(start - this.#track.start) > DRIFT)) {
      this.#track = { key, start, visemes: now ? now.speech.visemes : [] };
      this.#player?.setTrack(this.#track.visemes, start, now?.speech ?? null);
    }
    this.#player?.draw(seconds);
  }

  /** How far the mouth is open now, 0 closed to 5 wide. */
  openness() {
    if (!this.#player || !this.#track.key) return 0;
    return this.#poseAt(this.#track.visemes, performance.now() / 1000 - this.#track.start, 0).open;
  }
}
