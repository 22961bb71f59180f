// A websocket that comes back: doubling waits with jitter, reset by the first message of a connection.

const FIRST_WAIT = 400; // ms
const LONGEST_WAIT = 8_000;

export class Socket {
  #path;
  #handlers;
  #socket = null;
  #wait = FIRST_WAIT;
  #timer = null;
  #closed = false;

  /**
   * `open()` when connected, `text(object)`, `binary(ArrayBuffer)`, `lost(code)` after each loss.
   * `lost` returning false ends it: no further attempt.
   */
  constructor(path, handlers) {
    this.#path = path;
    this.#handlers = handlers;
  }

  get connected() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.#path}`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#handlers.open?.();
    socket.onmessage = ({ data }) => {
      this.#wait = FIRST_WAIT;
      if (typeof data === "string") this.#handlers.text?.(JSON.parse(data));
      else this.#handlers.binary?.(data);
    };
    socket.onclose = ({ code }) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      if (this.#closed || this.#handlers.lost?.(code) === false) return;
      this.#timer = setTimeout(() => this.connect(), this.#wait * (0.7 + 0.6 * Math.random()));
      this.#wait = Math.min(LONGEST_WAIT, this.#wait * 1.8);
    };
    this.#socket = socket;
  }

  send(message) {
    if (this.connected) this.#socket.send(JSON.stringify(message));
  }

  /** Drop this connection and come back at once (a gap was seen). */
  again() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    clearTimeout(this.#timer);
    this.#handlers.lost?.(1000);
    this.connect();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }
}
