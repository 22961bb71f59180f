// A price whose digits roll to their new places.

/** Show `text` in `box`; digits that changed roll. Read aloud and tested by its label. */
export function roll(box, text) {
  if (box.getAttribute("aria-label") === text) return;
  const old = [...box.children];
  const fits = old.length === text.length && [...text].every((char, i) => isDigit(char) === Boolean(old[i].dataset.digit));
  if (!fits) box.replaceChildren(...[...text].map(column));
  box.setAttribute("role", "text");
  box.setAttribute("aria-label", text);
  requestAnimationFrame(() => [...text].forEach((char, i) => turn(box.children[i], char)));
}

const isDigit = (char) => char >= "0" && char <= "9";

function column(char) {
  const node = document.createElement("span");
  if (!isDigit(char)) {
    node.textContent = char;
    return node;
  }
  node.className = "digit";
  node.dataset.digit = "0";
  const reel = document.createElement("span");
  reel.className = "reel";
  reel.append(...Array.from({ length: 10 }, (_, n) => Object.assign(document.createElement("i"), { textContent: String(n) })));
  node.append(reel);
  return node;
}

function turn(node, char) {
  if (!node) return;
  if (!isDigit(char)) {
    node.textContent = char;
    return;
  }
  node.dataset.digit = char;
  node.firstChild.style.transform = `translateY(${-Number(char) * 10}%)`;
}
