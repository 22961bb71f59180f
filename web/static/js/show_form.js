// Picking and ordering a show's products: search, add, drag, arrows; the form carries ids and goals in order.

const form = document.getElementById("show-form");
const picked = document.getElementById("picked");
const shelf = document.getElementById("shelf");
const find = document.getElementById("shelf-find");
const all = document.getElementById("shelf-all");
const category = document.getElementById("shelf-category");
const ways = document.getElementById("pick-ways");
const refused = document.getElementById("show-refused");
const TYPING = 250; // ms without a key before the shelf is asked

let dragged = null;
let asked = 0;
let timer = null;

function changed() {
  const items = [...picked.children];
  form.elements.products.value = items.map((item) => item.dataset.product).join(",");
  form.elements.goals.value = items
    .map((item) => [item.dataset.product, item.querySelector("[data-goal]").value])
    .filter(([, goal]) => goal).map((pair) => pair.join("=")).join(",");
  document.getElementById("picked-count").textContent = items.length;
  document.getElementById("picked-none").hidden = items.length > 0;
  const names = new Set(items.map((item) => item.dataset.product));
  for (const item of shelf.querySelectorAll("[data-product]")) {
    item.classList.toggle("picked", names.has(item.dataset.product));
    item.querySelector("[data-add]").disabled = names.has(item.dataset.product);
  }
  refused.hidden = true;
}

function add(item) {
  const pick = item.cloneNode(true);
  pick.draggable = true;
  pick.classList.remove("picked");
  pick.querySelector(".pick-ways").replaceChildren(ways.content.cloneNode(true));
  const place = document.createElement("span");
  place.className = "pick-place";
  pick.prepend(place);
  picked.append(pick);
  changed();
}

picked.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  const item = target.closest(".pick");
  if (!button || !item) return;
  if (button.dataset.move === "-1" && item.previousElementSibling) item.previousElementSibling.before(item);
  if (button.dataset.move === "1" && item.nextElementSibling) item.nextElementSibling.after(item);
  if ("drop" in button.dataset) item.remove();
  else button.focus();
  changed();
});
picked.addEventListener("change", changed);
picked.addEventListener("dragstart", (event) => {
  dragged = event.target.closest(".pick");
  dragged?.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
});
picked.addEventListener("dragover", (event) => {
  const over = event.target.closest(".pick");
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  const { top, height } = over.getBoundingClientRect();
  if (event.clientY < top + height / 2) over.before(dragged);
  else over.after(dragged);
});
picked.addEventListener("drop", (event) => event.preventDefault());
picked.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  changed();
});

shelf.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-add]");
  if (button) add(button.closest(".pick"));
});

async function found(more = {}) {
  const narrowed = category ? { category: category.value } : {};
  const query = new URLSearchParams({ lang: form.elements.lang.value, find: find.value, ...narrowed, ...more });
  const answer = await fetch(`/shows/shelf?${query}`, { headers: { accept: "text/html" } });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(`<ul>${await answer.text()}</ul>`, "text/html");
  return [...page.querySelector("ul").children];
}

async function search() {
  const turn = ++asked;
  const items = await found();
  if (!items || turn !== asked) return;
  shelf.replaceChildren(...items);
  counted();
  changed();
}

function counted() {
  document.getElementById("shelf-total").textContent = shelf.querySelector("[data-total]").dataset.total;
}

async function addAll() {
  all.disabled = true;
  const items = (await found({ all: "1" })) ?? [];
  const there = new Set([...picked.children].map((item) => item.dataset.product));
  const most = Number(shelf.querySelector("[data-most]").dataset.most);
  const fresh = items.filter((item) => item.dataset.product && !there.has(item.dataset.product));
  for (const item of fresh.slice(0, Math.max(0, most - there.size))) add(item);
  all.disabled = false;
}

all.addEventListener("click", addAll);
category?.addEventListener("change", search);

find.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, TYPING);
});
find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
form.elements.lang.addEventListener("change", () => {
  picked.replaceChildren(); // products speak one language, so another language starts anew
  search();
});
form.addEventListener("submit", (event) => {
  if (picked.children.length) return;
  event.preventDefault();
  refused.textContent = refused.dataset.none;
  refused.hidden = false;
});
changed();
