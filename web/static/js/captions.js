// Captions, lit word by word.

const box = document.getElementById("captions");
const line = document.getElementById("captions-line");
let shown = null;
let pieces = [];

/** Show where `speech` has come to; null takes the captions away. */
export function caption(speech, position) {
  const key = speech && `${speech.line}/${speech.clause}`;
  if (key !== shown) build(speech, key);
  for (const piece of pieces) {
    const state = position >= piece.end ? "said" : position >= piece.start ? "now" : "";
    if (piece.state !== state) piece.node.className = piece.state = state;
  }
}

function build(speech, key) {
  shown = key;
  pieces = [];
  line.replaceChildren();
  box.hidden = !speech;
  if (!speech) return;
  let place = 0;
  for (const [text, start, end] of speech.words) {
    const found = speech.text.indexOf(text, place);
    if (found < 0 || !text) continue;
    const upTo = found + text.length;
    add(speech.text.slice(place, upTo), start, end);
    place = upTo;
  }
  const rest = speech.text.slice(place);
  const last = pieces.at(-1)?.end ?? 0;
  if (rest) add(rest, last, pieces.length ? last : speech.seconds);
}

function add(text, start, end) {
  const node = document.createElement("span");
  node.textContent = text;
  line.append(node);
  pieces.push({ node, start, end, state: "" });
}
