// The desk's keys: Space cuts, N goes on, Shift+K silences, / writes … (the legend lists them). Not while somebody types.

export function bindKeys({ cut, next, kill, say, correct, hold, pin, jump, legend }) {
  const keys = { " ": cut, n: next, "/": say, c: correct, h: hold, p: pin, "?": legend };
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const key = event.key.toLowerCase();
    const action = event.shiftKey && event.code === "KeyK" ? kill : /^[1-9]$/.test(key) ? () => jump(Number(key)) : keys[key];
    if (!action) return;
    if (event.key === " " && event.target.matches("button:focus-visible, a, summary")) return; // the keyboard's own press
    event.preventDefault();
    action();
  });
  // A clicked button must not take the next Space for itself.
  document.addEventListener("pointerup", (event) => event.target.closest("button")?.blur());
}
