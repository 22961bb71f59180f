// The overlay: one token, one socket, one clock; every behaviour is a module of its own.

import { caption } from "/static/js/captions.js";
import { card, countdown } from "/static/js/card.js";
import { ServerClock } from "/static/js/clock.js";
import { HostStage } from "/static/js/host_stage.js";
import { Socket } from "/static/js/socket.js";
import { codeOfAddress, forget, TokenRefused, tokenFor } from "/static/js/token.js";
import { Voice } from "/static/js/voice.js";
import { word } from "/static/js/words.js";

const at = (id) => document.getElementById(id);
const HEARD_EVERY = 500; // ms
const CLIP_WITHIN = 250; // ms after its speech.start; a gap is filled without sound, then the clip is fetched
const FRAME = 1000 / 30 - 4; // ms; the figure is drawn at most thirty times a second, the machine has a voice to make
const NOTICE_FOR = 6_000; // ms; states stay until they change
const REFUSED = new Set([1008, 4401, 4403, 4404]); // close codes after which the token is of no more use

const audible = new URLSearchParams(location.search).get("audio") !== "0";
const clock = new ServerClock();
const host = new HostStage(at("host"));
const voice = new Voice(clock, (heard) => socket.send({ type: "heard", ...heard }), audible);
const last = { epoch: "", seq: 0, room: null };
let code = "";
let token = "";
let expected = null; // the clause whose clip is the next binary message
let expectedTimer = null;
let noticeTimer = null;
let drawn = 0;

const socket = new Socket("/overlay/ws", {
  open() {
    socket.send({ type: "hello", token, epoch: last.epoch, seq: last.seq });
    clock.start((ping) => socket.send(ping));
  },
  text: receive,
  binary(bytes) {
    const clause = expected;
    expected = null;
    if (clause) quietly(voice.sound(clause, bytes));
  },
  lost(closeCode) {
    clock.stop();
    expected = null;
    const ended = at("stage").dataset.state === "ended";
    if (REFUSED.has(closeCode)) forget(code);
    if (!ended) trouble(REFUSED.has(closeCode) ? "link_over" : "reconnecting");
    return !REFUSED.has(closeCode);
  },
});

function receive(message) {
  if (message.type === "clock") return clock.heard(message);
  if (message.type === "bye") return socket.again();
  fetchExpected();
  calm();
  if (message.type === "recovered") return undefined;
  if (message.type !== "snapshot" && (message.epoch !== last.epoch || message.seq > last.seq + 1)) return socket.again();
  if (message.type !== "snapshot" && message.seq <= last.seq) return undefined;
  const newEpoch = message.epoch !== last.epoch;
  Object.assign(last, { epoch: message.epoch, seq: message.seq });
  return MESSAGES[message.type]?.(message, newEpoch);
}

const MESSAGES = {
  snapshot(message, newEpoch) {
    if (newEpoch) voice.clear();
    last.room = message.room;
    document.documentElement.lang = message.lang === "en" ? "en" : "zh-CN";
    at("rehearsal").hidden = !message.rehearsal;
    state(message.state);
    card(message.card);
    bubble(message.comment);
    quietly(host.load(message.host));
    const clause = message.speech && voice.expect(message.speech);
    if (clause) quietly(voice.fetchSound(clause));
  },
  "speech.start"({ speech }) {
    expected = voice.expect(speech);
    clearTimeout(expectedTimer);
    if (expected) expectedTimer = setTimeout(fetchExpected, CLIP_WITHIN);
  },
  "speech.end"({ line, outcome }) {
    if (outcome !== "said") voice.cut(line);
  },
  card: (message) => card(message.card),
  comment: (message) => bubble(message.comment),
  gift: (message) => notice(`${message.name} ${message.text}${message.simulated ? ` · ${word("simulated")}` : ""}`, true),
  notice(message) {
    if (["held", "silenced", "on_air", "ended"].includes(message.notice_kind)) state(message.notice_kind);
    else notice(message.text, true);
  },
};

function fetchExpected() {
  if (expected) quietly(voice.fetchSound(expected));
  expected = null;
}

function state(name) {
  at("stage").dataset.state = name;
  if (["held", "silenced", "ended"].includes(name)) {
    voice.clear();
    notice(word(name), false);
  } else notice("", true);
}

function notice(text, passing) {
  clearTimeout(noticeTimer);
  at("notice").textContent = text;
  at("notice").hidden = !text;
  if (passing) noticeTimer = setTimeout(() => { at("notice").hidden = true; }, NOTICE_FOR);
}

function bubble(comment) {
  at("bubble").hidden = !comment;
  if (!comment) return;
  at("bubble-name").textContent = comment.name;
  at("bubble-text").textContent = comment.text;
  at("bubble-simulated").textContent = word("simulated");
  at("bubble-simulated").hidden = !comment.simulated;
}

function trouble(key) {
  at("trouble-text").textContent = word(key);
  at("trouble").hidden = false;
  at("trouble").dataset.why = key;
}

function calm() {
  at("trouble").hidden = true;
  delete at("trouble").dataset.why;
}

/** Sound or picture that cannot be had must not stop the rest: it is told in the console and seen in `window.zhubo`. */
function quietly(work) {
  work.catch((error) => {
    failures.push(String(error));
    if (failures.length > 20) failures.shift();
    console.error(error);
  });
}
const failures = [];

function frame(moment) {
  requestAnimationFrame(frame);
  if (moment - drawn < FRAME) return;
  drawn = moment;
  const now = voice.current();
  host.draw(now);
  caption(now?.speech ?? null, now?.position ?? 0);
  countdown(clock.now());
  at("start").hidden = !voice.waiting;
}

async function begin() {
  code = codeOfAddress();
  if (!code) return trouble("link_missing");
  try {
    token = (await tokenFor(code)).token;
  } catch (error) {
    if (error instanceof TokenRefused) return trouble("link_over");
    trouble("reconnecting");
    return setTimeout(begin, 2_000);
  }
  return socket.connect();
}

at("start").addEventListener("click", () => quietly(voice.resume()));
document.addEventListener("pointerdown", () => { if (voice.waiting) quietly(voice.resume()); });
setInterval(() => voice.report(), HEARD_EVERY);

// Read-only, for tests and curious operators.
window.zhubo = Object.freeze({
  get state() { return at("stage").dataset.state; },
  get connected() { return socket.connected; },
  get room() { return last.room; },
  get epoch() { return last.epoch; },
  get seq() { return last.seq; },
  get line() { return voice.current()?.speech.line ?? null; },
  get clause() { return voice.current()?.speech.clause ?? null; },
  get text() { return voice.current()?.speech.text ?? ""; },
  get position() { return voice.current()?.position ?? 0; },
  get sounding() { return Boolean(voice.current()?.clause.source); },
  get mouth() { return host.openness(); },
  get host() { return host.ready; },
  get audio() { return { state: voice.state, time: voice.time }; },
  get clock() { return { offset: clock.offset, samples: clock.samples, now: clock.now() }; },
  get failures() { return [...failures]; },
});

requestAnimationFrame(frame);
begin();
