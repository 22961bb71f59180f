// Lists that keep their nodes: what is the same stays, so a half-typed price or a pressed button is never lost.

/** Make `list` show `items` in order. `make(item)` builds a node, `fill(node, item)` brings it up to date. */
export function keyed(list, items, keyOf, make, fill) {
  const known = new Map([...list.children].map((node) => [node.dataset.key, node]));
  let before = null;
  for (const item of items) {
    const key = String(keyOf(item));
    const node = known.get(key) ?? make(item);
    known.delete(key);
    node.dataset.key = key;
    fill(node, item);
    const place = before ? before.nextSibling : list.firstChild;
    if (node !== place) list.insertBefore(node, place);
    before = node;
  }
  for (const node of known.values()) node.remove();
}

/** A node with a class, text and children. */
export function make(tag, className = "", ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/** Set a node's text only when it changed. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
