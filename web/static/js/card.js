// The product card.

import { money } from "/static/js/money.js";
import { roll } from "/static/js/roll.js";
import { word } from "/static/js/words.js";

const at = (id) => document.getElementById(id);
const box = at("card");
let shown = null;

/** Show a product card, or none. */
export function card(data) {
  shown = data;
  box.hidden = !data;
  if (!data) return;
  box.dataset.product = data.product;
  box.dataset.stock = data.stock_band;
  box.dataset.price = data.price ?? "";
  at("card-title").textContent = data.title;
  put("card-number", data.number === null ? "" : String(data.number));
  picture("card-picture", data.picture);
  at("card-picture").alt = data.title;
  put("card-offer", data.offer ?? "");
  at("card-price-label").textContent = data.price ? word("live_price") : word("ask_price");
  roll(at("card-price"), data.price ? money(data.price, data.currency) : "");
  // A struck-through price stands only beside its basis (price rule of 2022, articles 16–19).
  const compared = data.list_price && data.list_price_basis && data.list_price !== data.price;
  at("card-was").hidden = !compared;
  at("card-basis").textContent = compared ? word(`basis_${data.list_price_basis}`) : "";
  at("card-list-price").textContent = compared ? money(data.list_price, data.currency) : "";
  put("card-stock", data.stock_band === "unknown" ? "" : word(`stock_${data.stock_band}`));
  at("card-code").hidden = !data.qr;
  if (data.qr) picture("card-qr", data.qr);
  at("card-scan").textContent = word("scan");
  at("card-qr").alt = word("scan");
}

/** Count the offer down to its end by the server's clock; the end itself, never ticks, decides. */
export function countdown(nowMs) {
  const left = shown?.ends_ms ? Math.max(0, shown.ends_ms - nowMs) : 0;
  const seconds = Math.ceil(left / 1000);
  const pad = (n) => String(n).padStart(2, "0");
  const text = seconds ? `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}` : "";
  if (at("card-countdown").textContent !== text) put("card-countdown", text);
}

function put(id, text) {
  at(id).textContent = text;
  at(id).hidden = !text;
}

function picture(id, address) {
  const node = at(id);
  node.hidden = !address;
  if (address && node.getAttribute("src") !== address) node.src = address;
}
