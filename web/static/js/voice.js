// The host's voice: clause clips placed on the audio clock at the server's times, cut in 30 ms, late ones entered midway.

const FADE = 0.03; // seconds of a cut's fade
const TOO_LITTLE = 0.3; // seconds left of a late clip that are not worth starting
const JOIN = 0.03; // seconds: a clip this near to the end of the last one follows it without a gap
const KEEP = 3_000; // ms a finished clause is remembered

export class Voice {
  #clock;
  #report;
  #context = null;
  #clauses = new Map();
  #over = new Set(); // lines that were cut: what arrives late of them stays silent
  #tail = -1; // end of the last placed clip, in context seconds

  /** `report({line, clause, seconds})` hears what was really played; `audible` false keeps it mute (`?audio=0`). */
  constructor(clock, report, audible) {
    this.#clock = clock;
    this.#report = report;
    if (!audible) return;
    this.#context = new AudioContext({ latencyHint: "interactive" });
    this.#context.onstatechange = () => this.#placeAll();
  }

  get state() {
    return this.#context?.state ?? "off";
  }

  get time() {
    return this.#context?.currentTime ?? 0;
  }

  get waiting() {
    return this.#context !== null && this.#context.state === "suspended";
  }

  async resume() {
    await this.#context?.resume();
    this.#placeAll();
  }

  /** A clause is coming; its sound follows by `sound` or `fetchSound`. Returns its handle, null when it is over. */
  expect(speech) {
    const key = `${speech.line}/${speech.clause}`;
    const known = this.#clauses.get(key);
    if (known) return known;
    const ends = speech.starts_ms + speech.seconds * 1000;
    if (this.#over.has(speech.line) || this.#clock.now() > ends) return null;
    const clause = { key, speech, buffer: null, source: null, gain: null, begun: 0, loading: false };
    this.#clauses.set(key, clause);
    return clause;
  }

  /** The clip as it came over the socket (Ogg Opus). */
  async sound(clause, bytes) {
    if (!this.#context || clause.buffer) return;
    clause.loading = true;
    const buffer = await this.#context.decodeAudioData(bytes);
    clause.loading = false;
    if (clause.buffer || !this.#clauses.has(clause.key)) return;
    clause.buffer = buffer;
    this.#place(clause);
  }

  /** The clip by its address: late joiners, and gaps filled without sound. */
  async fetchSound(clause) {
    if (!this.#context || clause.buffer || clause.loading) return;
    clause.loading = true;
    const answer = await fetch(clause.speech.clip);
    if (!answer.ok) throw new Error(`clip ${clause.speech.clip}: ${answer.status}`);
    await this.sound(clause, await answer.arrayBuffer());
  }

  #placeAll() {
    for (const clause of this.#clauses.values()) this.#place(clause);
  }

  #place(clause) {
    const context = this.#context;
    if (!context || context.state !== "running" || !clause.buffer || clause.source) return;
    const late = (this.#clock.now() - clause.speech.starts_ms) / 1000;
    const enter = Math.max(0, late);
    if (enter > 0 && clause.buffer.duration - enter < TOO_LITTLE) return;
    let when = context.currentTime + Math.max(0, -late);
    if (enter < JOIN && Math.abs(when - enter - this.#tail) < JOIN && this.#tail >= context.currentTime) when = this.#tail;
    const skip = when === this.#tail ? 0 : enter;
    const gain = new GainNode(context);
    const source = new AudioBufferSourceNode(context, { buffer: clause.buffer });
    source.connect(gain).connect(context.destination);
    source.start(when, skip);
    Object.assign(clause, { source, gain, begun: when - skip });
    this.#tail = clause.begun + clause.buffer.duration;
    source.onended = () => this.#tell(clause, clause.buffer.duration);
  }

  /** Where a clause is, in seconds from its start: by the sound when it sounds, else by the server's clock. */
  position(clause) {
    if (clause.source && this.#context.state === "running") {
      return this.#context.currentTime - (this.#context.outputLatency || 0) - clause.begun;
    }
    return (this.#clock.now() - clause.speech.starts_ms) / 1000;
  }

  /** The clause being heard now and where in it we are, or null between clauses. */
  current() {
    let found = null;
    for (const clause of this.#clauses.values()) {
      const position = this.position(clause);
      if (position >= 0 && position < clause.speech.seconds) found = { clause, speech: clause.speech, position };
      else if (this.#clock.now() > clause.speech.starts_ms + clause.speech.seconds * 1000 + KEEP) this.#clauses.delete(clause.key);
    }
    return found;
  }

  /** Report how far the sounding clause has come; call every half second. */
  report() {
    const now = this.current();
    if (now?.clause.source) this.#tell(now.clause, now.position);
  }

  #tell(clause, seconds) {
    const { line, clause: number } = clause.speech;
    this.#report({ line, clause: number, seconds: Math.round(Math.max(0, seconds) * 1000) / 1000 });
  }

  /** Silence a line: fade 30 ms, stop, forget its coming clauses. */
  cut(line) {
    this.#over.add(line);
    if (this.#over.size > 200) this.#over.delete(this.#over.values().next().value);
    for (const clause of [...this.#clauses.values()].filter((each) => each.speech.line === line)) {
      if (clause.source) this.#fade(clause);
      this.#clauses.delete(clause.key);
    }
    this.#tail = -1;
  }

  #fade(clause) {
    const context = this.#context;
    const position = this.position(clause);
    clause.source.onended = null;
    clause.gain.gain.setValueAtTime(1, context.currentTime);
    clause.gain.gain.linearRampToValueAtTime(0, context.currentTime + FADE);
    clause.source.stop(context.currentTime + FADE);
    if (position > 0) this.#tell(clause, Math.min(position, clause.buffer.duration));
  }

  /** Silence everything: another epoch, or the show is over. */
  clear() {
    for (const line of new Set([...this.#clauses.values()].map((clause) => clause.speech.line))) this.cut(line);
    this.#over.clear();
  }
}
