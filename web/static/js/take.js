// Select words in the listing: a small form below it takes them as a fact. Places are counted in code points.

const points = (text) => [...text].length;

function selected() {
  const listing = document.getElementById("listing");
  const selection = document.getSelection();
  if (!listing || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!listing.contains(range.commonAncestorContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(listing);
  before.setEnd(range.startContainer, range.startOffset);
  const text = range.toString();
  if (!text.trim()) return null;
  const lead = points(text) - points(text.trimStart());
  const start = points(before.toString()) + lead;
  return { text: text.trim(), start, end: start + points(text.trim()) };
}

function offer() {
  const words = selected();
  const form = document.getElementById("take");
  if (!words || !form) return;
  form.hidden = false;
  document.getElementById("taken").textContent = words.text.length > 60 ? `${words.text.slice(0, 60)}…` : words.text;
  for (const name of ["text", "start", "end"]) form.elements[name].value = words[name];
  named(form);
}

function named(form) {
  const name = form.elements.name;
  name.hidden = form.elements.field.value !== "specs";
  name.required = !name.hidden;
}

document.addEventListener("selectionchange", offer);
document.addEventListener("change", (event) => {
  const form = event.target.closest("#take");
  if (form) named(form);
});
