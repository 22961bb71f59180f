// The desk's keys: Space cuts, N goes on, Shift+K silences, / writes. Not while somebody types.

export function bindKeys({ cut, next, kill, say }) {
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const action = { " ": cut, n: next, N: next, "/": say }[event.key] ?? (event.shiftKey && event.code === "KeyK" ? kill : null);
    if (!action) return;
    if (event.key === " " && event.target.matches("button:focus-visible, a, summary")) return; // the keyboard's own press
    event.preventDefault();
    action();
  });
  // A clicked button must not take the next Space for itself.
  document.addEventListener("pointerup", (event) => event.target.closest("button")?.blur());
}
