// Point at a fact: the words of the listing it comes from light up; and the other way round.
// Everything is heard at the document, because a change draws the facts anew.

const keysOf = (mark) => mark.dataset.facts.split("|");
const all = (what) => [...document.querySelectorAll(what)];

function light(keys) {
  for (const fact of all("[data-fact]")) fact.classList.toggle("lit", keys.includes(fact.dataset.fact));
  for (const mark of all("mark[data-facts]")) mark.classList.toggle("lit", keysOf(mark).some((key) => keys.includes(key)));
}

function show(fact) {
  light([fact.dataset.fact]);
  const box = document.getElementById("listing");
  const mark = all("mark[data-facts]").find((each) => keysOf(each).includes(fact.dataset.fact));
  if (mark && box.scrollHeight > box.clientHeight) box.scrollTop = mark.offsetTop - box.offsetTop - box.clientHeight / 3;
}

function pointed(event) {
  const fact = event.target.closest("[data-fact]");
  const mark = event.target.closest("mark[data-facts]");
  if (fact) show(fact);
  else if (mark) light(keysOf(mark));
  else if (!event.target.closest(".facts, .listing")) light([]);
}

document.addEventListener("pointerover", pointed);
document.addEventListener("focusin", pointed);
document.addEventListener("click", (event) => {
  const mark = event.target.closest("mark[data-facts]");
  if (!mark || !document.getSelection().isCollapsed) return;
  const fact = all("[data-fact]").find((each) => each.dataset.fact === keysOf(mark)[0]);
  fact?.scrollIntoView({ block: "nearest", behavior: "smooth" });
});
