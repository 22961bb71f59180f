// Point at a fact: the words of the listing it comes from light up; and the other way round.

const facts = [...document.querySelectorAll("[data-fact]")];
const marks = [...document.querySelectorAll("mark[data-facts]")];
const keysOf = (mark) => mark.dataset.facts.split("|");

function light(keys) {
  for (const fact of facts) fact.classList.toggle("lit", keys.includes(fact.dataset.fact));
  for (const mark of marks) mark.classList.toggle("lit", keysOf(mark).some((key) => keys.includes(key)));
}

for (const fact of facts) {
  const show = () => {
    light([fact.dataset.fact]);
    const box = document.getElementById("listing");
    const mark = marks.find((each) => keysOf(each).includes(fact.dataset.fact));
    if (mark && box.scrollHeight > box.clientHeight) box.scrollTop = mark.offsetTop - box.offsetTop - box.clientHeight / 3;
  };
  fact.addEventListener("pointerenter", show);
  fact.addEventListener("focus", show);
}
for (const mark of marks) mark.addEventListener("pointerenter", () => light(keysOf(mark)));
for (const area of document.querySelectorAll(".facts, .listing")) area.addEventListener("pointerleave", () => light([]));
