// File fields in the page's own words: what was chosen stands beside the button.

for (const field of document.querySelectorAll(".file > input[type=file]")) {
  const name = field.parentElement.querySelector(".file-name");
  const told = () => {
    const names = [...field.files].map((file) => file.name);
    const shown = names.length > 3 ? [...names.slice(0, 3), `+${names.length - 3}`] : names;
    name.textContent = shown.length ? shown.join(" · ") : name.dataset.none;
    name.classList.toggle("file-chosen", names.length > 0);
  };
  field.addEventListener("change", told);
  addEventListener("pageshow", told);
}
