// The server's clock as seen from here: pings, round trips, and a line through the quickest third of the answers.
// A line, not a middle: two clocks that part by a thousandth are 200 ms apart over the minutes that are remembered.

const KEPT = 60;
const AT_CONNECT = 8;
const EVERY = 10_000; // ms
const PRIOR = (15 / 0.0005) ** 2; // ms²: 15 ms of jitter left against slopes of 0.0005, so that few samples tell no slope
const JUMP = 500; // ms beyond the trip that no drift explains: a clock was set, or the machine slept

/** Where the server's clock is at a moment of ours, from answered pings. No timers, no clock of its own. */
export class ClockEstimate {
  #samples = []; // {at, trip, offset}, ms
  #middle = { at: 0, offset: 0 };
  #slope = 0;

  constructor(offset) {
    this.#middle.offset = offset;
  }

  get samples() {
    return this.#samples.length;
  }

  /** Milliseconds that the server is ahead at our moment `at`. */
  offset(at) {
    return this.#middle.offset + this.#slope * (at - this.#middle.at);
  }

  /** A ping left at `sent`, its answer came at `received`; `server` is the server's time in between. */
  heard(sent, received, server) {
    const trip = received - sent;
    if (!(trip >= 0 && trip < 10_000)) return;
    const at = (sent + received) / 2;
    const sample = { at, trip, offset: server - at };
    if (this.#samples.length && Math.abs(sample.offset - this.offset(at)) > JUMP + trip) this.#samples = [];
    this.#samples.push(sample);
    if (this.#samples.length > KEPT) this.#samples.shift();
    const quick = [...this.#samples].sort((a, b) => a.trip - b.trip).slice(0, Math.ceil(this.#samples.length / 3));
    const mean = (of) => quick.reduce((sum, each) => sum + of(each), 0) / quick.length;
    this.#middle = { at: mean((each) => each.at), offset: mean((each) => each.offset) };
    const far = (each) => each.at - this.#middle.at;
    const width = quick.reduce((sum, each) => sum + far(each) ** 2, 0);
    this.#slope = quick.reduce((sum, each) => sum + far(each) * each.offset, 0) / (width + PRIOR);
  }
}

export class ServerClock {
  #estimate = new ClockEstimate(Date.now() - performance.now()); // until the first answer: the machine's own clock
  #timer = null;

  /** The server's unix milliseconds now. */
  now() {
    return performance.now() + this.offset;
  }

  get offset() {
    return this.#estimate.offset(performance.now());
  }

  get samples() {
    return this.#estimate.samples;
  }

  /** Eight pings at once, then one every 10 s, through `send(message)`. */
  start(send) {
    this.stop();
    let sent = 0;
    const ping = () => {
      // How far this machine's own clock is off, for the desk; nothing here depends on it being right.
      const offset_ms = this.samples ? Date.now() - this.now() : null;
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
    this.#estimate.heard(echo, performance.now(), server_ms);
  }
}
