// A button beside a field that is there to be copied. It shows itself only where copying works.

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      return; // not allowed here (plain http from another machine): the selected text can be copied by hand
    }
    button.querySelector("span").textContent = button.dataset.done;
  });
}
