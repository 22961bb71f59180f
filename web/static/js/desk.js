// The desk: shows the server's state whole, sends presses back; two windows agree because neither keeps a state.

import { bindFilters } from "/static/js/desk_crowd.js";
import { bindKeys } from "/static/js/desk_keys.js";
import { bindLink } from "/static/js/desk_link.js";
import { show, tick } from "/static/js/desk_view.js";
import { post } from "/static/js/post.js";
import { Socket } from "/static/js/socket.js";
import { knows, word } from "/static/js/words.js";

const at = (id) => document.getElementById(id);
const room = at("desk").dataset.room;
const base = `/desk/${encodeURIComponent(room)}`;
const OVER = new Set([1008, 4401, 4403, 4404]);
let toastTimer = null;
let shown = null; // the desk as last told

async function trying(work) {
  try {
    return await work;
  } catch (error) {
    toast(refusal(error));
    return undefined;
  }
}

function refusal(error) {
  if (error.status === 409) return word(["held", "silenced"].includes(shown?.state) ? "refused_quiet" : "refused_over");
  return knows(`refused_${error.field}`) ? word(`refused_${error.field}`, { found: error.found }) : error.message;
}

function toast(text) {
  clearTimeout(toastTimer);
  at("toast").textContent = text;
  at("toast").hidden = false;
  toastTimer = setTimeout(() => { at("toast").hidden = true; }, 5_000);
}

const acts = {
  press: (button, more = {}) => trying(post(`${base}/press`, { button, ...more })),
  change: (product, what, value) => trying(post(`/catalogue/${encodeURIComponent(product)}/${what}`, { [what]: value })),
};
const { press } = acts;

const socket = new Socket(`${base}/ws`, {
  text(desk) {
    shown = desk;
    show(desk, acts);
  },
  lost(code) {
    if (OVER.has(code)) return gone();
    at("desk").dataset.state = "reconnecting";
    at("state").textContent = word("desk_reconnecting");
    look();
    return true;
  },
});

function gone() {
  at("desk").dataset.state = "gone";
  at("state").textContent = word("desk_gone");
  socket.close();
  return false;
}

/** A refused handshake has no code a page can read: ask for the page itself whether the room is still there. */
async function look() {
  const answer = await fetch(base, { headers: { accept: "application/json" } }).catch(() => null);
  if (answer?.status === 401) location.assign("/login");
  if (answer?.status === 404) gone();
}

at("cut").addEventListener("click", () => press("cut"));
at("next-product").addEventListener("click", () => press("next"));
for (const button of ["kill", "hold", "resume"]) {
  at(`${button}-form`).addEventListener("submit", (event) => {
    event.preventDefault(); // without this script the form itself is posted
    press(button);
  });
}
at("say").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = at("say-text");
  const done = await press(at("say-kind").value, { text: field.value.trim() });
  if (done === undefined) return;
  field.value = "";
  at("say-kind").value = "say";
});
at("try").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = at("try-text");
  const done = await trying(post(`${base}/comment`, { name: word("test_viewer"), text: field.value.trim() }));
  if (done !== undefined) field.value = "";
});
at("end-form").addEventListener("submit", (event) => {
  if (at("end-sure").returnValue === "yes") return;
  event.preventDefault();
  at("end-sure").showModal();
});
at("end-sure").addEventListener("close", () => { if (at("end-sure").returnValue === "yes") at("end-form").submit(); });
at("legend-open").addEventListener("click", () => at("legend").showModal());

function write(kind) {
  at("say-kind").value = kind;
  at("say-text").focus();
}

function pinCurrent() {
  const product = shown?.products.find((item) => item.on_air);
  if (product) press(product.pinned ? "unpin" : "pin", { product: product.product });
}

function jump(number) {
  const product = shown?.products.find((item) => item.number === number);
  if (product && !product.on_air) press("jump", { product: product.product });
}

bindKeys({
  cut: () => press("cut"),
  next: () => press("next"),
  kill: () => press("kill"),
  say: () => write("say"),
  correct: () => write("correct"),
  hold: () => press(["held", "silenced"].includes(shown?.state) ? "resume" : "hold"),
  pin: pinCurrent,
  jump,
  legend: () => at("legend").showModal(),
});
bindFilters();
bindLink(base, trying);
setInterval(tick, 100);
socket.connect();
