// One picture of the desk from one message: figures, alerts, what is said now; the lists are modules of their own.

import { showComments } from "/static/js/desk_crowd.js";
import { showRunning } from "/static/js/desk_show.js";
import { keyed, make, say } from "/static/js/keyed.js";
import { money } from "/static/js/money.js";
import { word } from "/static/js/words.js";

const SECONDS = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "second", unitDisplay: "short" });
const at = (id) => document.getElementById(id);
let desk = null;
let offset = 0; // ms between the server's clock and this machine's

/** Show everything of `message` (wire.Desk); `acts` are `press(button, more)` and `change(product, what, value)`. */
export function show(message, acts) {
  desk = message;
  offset = desk.server_ms - Date.now();
  at("desk").dataset.state = desk.state;
  say(at("state"), word(`state_${desk.state}`));
  at("rehearsal").hidden = at("gmv-simulated").hidden = !desk.rehearsal;
  figures();
  alerts();
  now();
  showRunning(desk, acts);
  showComments(desk, acts);
  buttons();
}

/** What moves between messages: the progress of the line being said. */
export function tick() {
  const line = desk?.now;
  const started = line && line.starts_ms !== null && line.seconds !== null;
  const gone = started ? (Date.now() + offset - line.starts_ms) / 1000 : 0;
  const share = started ? Math.min(1, Math.max(0, gone / line.seconds)) : 0;
  at("now-progress").style.width = `${(share * 100).toFixed(1)}%`;
  say(at("now-time"), started ? `${Math.min(line.seconds, Math.max(0, gone)).toFixed(1)} / ${line.seconds.toFixed(1)} s` : "");
}

function figures() {
  const sums = Object.entries(desk.gmv);
  say(at("gmv"), sums.length ? sums.map(([currency, amount]) => money(amount, currency)).join(" + ") : "—");
  const count = (name) => String(desk.counts[name] ?? 0);
  say(at("orders"), count("orders"));
  say(at("seen"), count("seen"));
  say(at("answered"), count("answer"));
  say(at("first-word"), desk.delays.first_word_ms === null ? "—" : `${(desk.delays.first_word_ms / 1000).toFixed(1)} s`);
  say(at("lookahead"), SECONDS.format(Math.round(desk.lookahead_seconds)));
  say(at("viewers"), String(desk.viewers));
  for (const chip of at("health").children) {
    const health = desk.health[chip.dataset.part] ?? "down";
    chip.dataset.health = health;
    chip.title = word(`health_${health}`);
  }
}

function alerts() {
  keyed(at("alerts"), desk.alerts, (alert) => alert, () => make("li"), (node, alert) => {
    node.dataset.alert = alert;
    say(node, word(`alert_${alert}`, { seconds: desk.silent_seconds.toFixed(0) }));
  });
  at("alerts").hidden = desk.alerts.length === 0;
}

function now() {
  const line = desk.now;
  at("now").dataset.kind = line?.line_kind ?? "";
  at("now").dataset.line = line?.line ?? "";
  say(at("now-kind"), line ? word(`kind_${line.line_kind}`) : "");
  at("now-kind").hidden = !line;
  say(at("now-text"), line?.text ?? word(desk.state === "held" ? "held_by_person" : "nothing_said"));
  tick();
}

function buttons() {
  const quiet = desk.state === "silenced" || desk.state === "held";
  const ended = desk.state === "ended";
  at("kill-form").hidden = desk.state === "silenced";
  at("hold-form").hidden = quiet;
  at("resume-form").hidden = !quiet;
  say(at("resume-words"), word(desk.state === "held" ? "hand_back" : "resume"));
  at("kill").disabled = at("hold").disabled = at("end").disabled = ended;
  for (const id of ["cut", "next-product"]) at(id).disabled = ended;
}
