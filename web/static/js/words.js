// The words of a page, rendered by its template as JSON; scripts hold no words of their own.

const block = document.getElementById("words");
const all = block ? JSON.parse(block.textContent) : {};

/** The word for `key`, with `{name}` slots filled. A missing word is a mistake of ours: it shows as its key. */
export function word(key, slots = {}) {
  const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const found = (all[lang] ?? all)[key];
  return (found ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in slots ? String(slots[name]) : whole));
}

/** Whether the page has a word for `key`. */
export function knows(key) {
  const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  return key in (all[lang] ?? all);
}
