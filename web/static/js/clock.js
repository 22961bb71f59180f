// The server's clock as seen from here: pings, round trips, and the median offset of the quicker half.

const KEPT = 20;
const AT_CONNECT = 5;
const EVERY = 20_000; // ms

export class ServerClock {
  #samples = [];
  #timer = null;
  #offset = Date.now() - performance.now(); // until the first answer: the machine's own clock

  /** The server's unix milliseconds now. */
  now() {
    return performance.now() + this.#offset;
  }

  get offset() {
    return this.#offset;
  }

  get samples() {
    return this.#samples.length;
  }

  /** Five pings at once, then one every 20 s, through `send(message)`. */
  start(send) {
    this.stop();
    let sent = 0;
    const ping = () => {
      // How far this machine's own clock is off, for the desk; nothing here depends on it being right.
      const offset_ms = this.#samples.length ? Date.now() - this.now() : null;
      send({ type: "ping", t: performance.now(), offset_ms });
      sent += 1;
      this.#timer = setTimeout(ping, sent < AT_CONNECT ? 80 : EVERY);
    };
    ping();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** An answered ping: `echo` is our own time back, `server_ms` the server's. */
  heard({ echo, server_ms }) {
    const now = performance.now();
    const trip = now - echo;
    if (!(trip >= 0 && trip < 10_000)) return;
    this.#samples.push({ trip, offset: server_ms - (echo + now) / 2 });
    if (this.#samples.length > KEPT) this.#samples.shift();
    const quick = [...this.#samples].sort((a, b) => a.trip - b.trip).slice(0, Math.ceil(this.#samples.length / 2));
    const offsets = quick.map((sample) => sample.offset).sort((a, b) => a - b);
    const middle = offsets.length >> 1;
    this.#offset = offsets.length % 2 ? offsets[middle] : (offsets[middle - 1] + offsets[middle]) / 2;
  }
}
