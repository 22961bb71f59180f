// One picture of the desk from one message.

import { keyed, make, say } from "/static/js/keyed.js";
import { money } from "/static/js/money.js";
import { knows, word } from "/static/js/words.js";

const at = (id) => document.getElementById(id);
let desk = null;
let acts = null;
let offset = 0; // ms between the server's clock and this machine's

/** Show everything of `message` (wire.Desk); `actions` are `press(button, more)` and `change(product, what, value)`. */
export function show(message, actions) {
  desk = message;
  acts = actions;
  offset = desk.server_ms - Date.now();
  at("desk").dataset.state = desk.state;
  say(at("state"), word(`state_${desk.state}`));
  at("rehearsal").hidden = at("gmv-simulated").hidden = !desk.rehearsal;
  figures();
  now();
  keyed(at("next"), desk.next, (line) => line.line, makeLine, fillLine);
  at("next-none").hidden = desk.next.length > 0;
  keyed(at("products"), desk.products, (product) => product.product, makeProduct, fillProduct);
  keyed(at("comments"), desk.comments, (comment) => comment.comment, makeComment, fillComment);
  at("comments-none").hidden = desk.comments.length > 0;
  at("kill").disabled = desk.state === "ended";
  at("kill-form").hidden = desk.state === "silenced";
  at("resume-form").hidden = desk.state !== "silenced";
  for (const id of ["cut", "next-product", "end"]) at(id).disabled = desk.state === "ended";
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
  say(at("seen"), count("seen"));
  say(at("answered"), count("answer"));
  say(at("lookahead"), `${desk.lookahead_seconds.toFixed(0)} s`);
  say(at("viewers"), String(desk.viewers));
  for (const chip of at("health").children) {
    const health = desk.health[chip.dataset.part] ?? "down";
    chip.dataset.health = health;
    chip.title = word(`health_${health}`);
  }
}

function now() {
  const line = desk.now;
  at("now").dataset.kind = line?.line_kind ?? "";
  at("now").dataset.line = line?.line ?? "";
  say(at("now-kind"), line ? word(`kind_${line.line_kind}`) : "");
  at("now-kind").hidden = !line;
  say(at("now-text"), line?.text ?? word("nothing_said"));
  tick();
}

function makeLine() {
  return make("li", "", make("span", "chip"), make("p"));
}

function fillLine(node, line) {
  const [kind, text] = node.children;
  say(kind, word(`kind_${line.line_kind}`));
  say(text, line.text);
  node.classList.toggle("unready", !line.ready);
  node.title = line.ready ? "" : word("sound_coming");
}

function makeProduct(product) {
  const picture = Object.assign(make("img", "pin-picture"), { alt: "", width: 56, height: 56 });
  const pin = Object.assign(make("button", "btn btn-sm pin-button"), { type: "button" });
  pin.addEventListener("click", () => acts.press("pin", { product: product.product }));
  const price = field(product, "price", "decimal");
  const stock = field(product, "stock", "numeric");
  return make("li", "pin", picture, make("p", "pin-title", make("b"), make("span")), pin, price, stock);
}

function field(product, what, mode) {
  const input = Object.assign(make("input", "form-control form-control-sm"), { inputMode: mode, maxLength: 14, name: what });
  const label = make("label", "", make("span", "", word(`label_${what}`)), input);
  input.addEventListener("keydown", (event) => { if (event.key === "Escape") { input.value = input.dataset.server; input.blur(); } });
  input.addEventListener("change", async () => {
    const wanted = input.value.trim();
    if (!wanted || wanted === input.dataset.server) return;
    input.disabled = true;
    const done = await acts.change(product.product, what, wanted);
    input.disabled = false;
    if (done === undefined) input.value = input.dataset.server;
  });
  return label;
}

function fillProduct(node, product) {
  const [picture, title, pin, price, stock] = node.children;
  node.classList.toggle("pinned", product.on_air);
  node.classList.toggle("sold-out", product.stock === 0);
  node.dataset.product = product.product;
  picture.hidden = !product.picture;
  if (product.picture && picture.getAttribute("src") !== product.picture) picture.src = product.picture;
  say(title.firstChild, String(product.number));
  say(title.lastChild, product.title);
  say(pin, word(product.on_air ? "on_air_now" : "pin"));
  pin.disabled = product.on_air || desk.state === "ended";
  fillField(price.lastChild, (product.price ?? "").replace(/[.]0+$/, ""));
  fillField(stock.lastChild, product.stock === null ? "" : String(product.stock));
}

function fillField(input, value) {
  const untouched = document.activeElement !== input && !input.disabled;
  input.dataset.server = value;
  if (untouched && input.value !== value) input.value = value;
}

function makeComment(comment) {
  const buttons = make("p", "comment-ways");
  for (const button of ["answer", "skip"]) {
    const node = Object.assign(make("button", "btn btn-sm", word(`do_${button}`)), { type: "button", name: button });
    node.addEventListener("click", () => acts.press(button, { comment: comment.comment }));
    buttons.append(node);
  }
  return make("li", "comment", make("p", "comment-who", make("b"), make("em", "chip chip-simulated"), make("time")), make("p", "comment-text"),
    make("p", "comment-why", make("span", "chip"), make("span"), make("small")), make("p", "comment-answer"), buttons);
}

function fillComment(node, comment) {
  const [who, text, why, answer, ways] = node.children;
  say(who.children[0], comment.name);
  say(who.children[1], word("simulated"));
  who.children[1].hidden = !comment.simulated;
  say(who.children[2], new Date(comment.received_ms).toLocaleTimeString(document.documentElement.lang, { hour12: false }));
  say(text, comment.text);
  const decided = comment.decision || "waiting";
  node.dataset.decision = decided;
  say(why.children[0], word(`decision_${decided}`));
  say(why.children[1], [known("intent", comment.intent), known("reason", comment.reason)].filter(Boolean).join(" · "));
  say(why.children[2], delays(comment));
  say(answer, comment.answer ?? "");
  answer.hidden = !comment.answer;
  ways.children[0].hidden = !["skip", "hand_over", "drop"].includes(decided);
  ways.children[1].hidden = decided !== "waiting";
  ways.hidden = ways.children[0].hidden && ways.children[1].hidden;
}

function known(family, name) {
  return knows(`${family}_${name}`) ? word(`${family}_${name}`) : name;
}

function delays(comment) {
  const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
  return [
    comment.wait_ms === null ? "" : word("waited", { seconds: seconds(comment.wait_ms) }),
    comment.first_sound_ms === null ? "" : word("first_sound", { seconds: seconds(comment.first_sound_ms) }),
    comment.first_word_ms === null ? "" : word("first_word", { seconds: seconds(comment.first_word_ms) }),
  ].filter(Boolean).join(" · ");
}
