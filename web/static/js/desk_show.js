// What comes next at the desk: coming sentences, the running order, and the products with their prices and stock.

import { keyed, make, say } from "/static/js/keyed.js";
import { knows, word } from "/static/js/words.js";

const at = (id) => document.getElementById(id);
let desk = null;
let acts = null;

/** Show the lists of `message` (wire.Desk). */
export function showRunning(message, actions) {
  desk = message;
  acts = actions;
  keyed(at("next"), desk.next, (line) => line.line, makeLine, fillLine);
  at("next-none").hidden = desk.next.length > 0;
  keyed(at("order"), desk.order, (stop) => stop.stop, makeStop, fillStop);
  keyed(at("moves"), desk.moves, (move) => `${move.at_ms}${move.product}`, () => make("li"), fillMove);
  at("moves").hidden = desk.moves.length === 0;
  keyed(at("products"), desk.products, (product) => product.product, makeProduct, fillProduct);
}

function button(className, press) {
  const node = Object.assign(make("button", className), { type: "button" });
  node.addEventListener("click", press);
  return node;
}

function makeLine(line) {
  const node = make("li", "", make("span", "chip"), make("p"));
  const skip = button("line-skip", () => acts.press(...(line.planned ? ["skip_line", { line: line.line }] : ["skip", { comment: line.line }])));
  skip.textContent = "×";
  skip.title = word("skip_line");
  skip.setAttribute("aria-label", word("skip_line"));
  node.append(skip);
  return node;
}

function fillLine(node, line) {
  const [kind, text, skip] = node.children;
  const block = `block_${line.block.replace(/_b$/, "")}`; // the second wording is of the same kind
  say(kind, knows(block) ? word(block) : word(`kind_${line.line_kind}`));
  say(text, line.text);
  text.title = line.text;
  skip.hidden = !line.planned && line.line_kind !== "answer";
  node.classList.toggle("unready", !line.ready);
  node.title = line.ready ? "" : word("sound_coming");
}

function makeStop(stop) {
  return make("li", "", make("b"), make("span"), make("time"));
}

function fillStop(node, stop) {
  const [number, title, when] = node.children;
  const current = desk.products.some((product) => product.on_air && product.product === stop.product) && stop === desk.order[0];
  node.classList.toggle("current", current);
  say(number, String(stop.number));
  say(title, stop.title);
  say(when, current ? word("order_left", { time: clock(stop.seconds) }) : clock(stop.in_seconds));
  node.title = stop.blocks.map((block) => (knows(`block_${block}`) ? word(`block_${block}`) : block)).join(" · ");
}

/** Why the running order changed by itself. */
function fillMove(node, move) {
  const about = desk.products.find((product) => product.product === move.product);
  const time = new Date(move.at_ms).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  say(node, `${time} ${word(`move_${move.why}`, { product: about ? about.title : move.product, number: String(move.number) })}`);
}

function clock(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function makeProduct(product) {
  const picture = Object.assign(make("img", "pin-picture"), { alt: "", width: 56, height: 56 });
  const jump = button("btn btn-sm jump-button", () => acts.press("jump", { product: product.product }));
  const pin = button("btn btn-sm pin-button", () => acts.press(pin.dataset.pinned === "yes" ? "unpin" : "pin", { product: product.product }));
  const sold = button("btn btn-sm sold-button", () => sell(product.product, sold));
  const ways = make("p", "pin-ways", jump, pin, sold);
  return make("li", "pin", picture, make("p", "pin-title", make("b"), make("span")), ways, field(product, "price", "decimal"), field(product, "stock", "numeric"));
}

/** Sold out, or back to the number of pieces before; where that is not known, the field asks for it. */
function sell(product, node) {
  if (node.dataset.sold !== "yes") return acts.change(product, "stock", "0");
  if (node.dataset.before) return acts.change(product, "stock", node.dataset.before);
  return node.closest(".pin").querySelector("input[name=stock]").select();
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
  const [picture, title, ways, price, stock] = node.children;
  const [jump, pin, sold] = ways.children;
  const ended = desk.state === "ended";
  node.classList.toggle("current", product.on_air);
  node.classList.toggle("pinned", product.pinned);
  node.classList.toggle("sold-out", product.stock === 0);
  node.dataset.product = product.product;
  picture.hidden = !product.picture;
  if (product.picture && picture.getAttribute("src") !== product.picture) picture.src = product.picture;
  say(title.firstChild, String(product.number));
  say(title.lastChild, product.title);
  say(jump, word(product.on_air ? "on_air_now" : "jump"));
  jump.disabled = product.on_air || ended;
  say(pin, word(product.pinned ? "unpin" : "pin"));
  pin.dataset.pinned = product.pinned ? "yes" : "no";
  pin.setAttribute("aria-pressed", String(product.pinned));
  pin.disabled = ended;
  say(sold, word(product.stock === 0 ? "restock" : "sold_out"));
  sold.dataset.sold = product.stock === 0 ? "yes" : "no";
  sold.dataset.before = product.stock_before ?? "";
  fillField(price.lastChild, (product.price ?? "").replace(/[.]0+$/, ""));
  fillField(stock.lastChild, product.stock === null ? "" : String(product.stock));
}

function fillField(input, value) {
  const untouched = document.activeElement !== input && !input.disabled;
  input.dataset.server = value;
  if (untouched && input.value !== value) input.value = value;
}
