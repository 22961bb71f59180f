// Find a product on the shelf while typing.

const field = document.getElementById("filter");
const items = [...document.querySelectorAll("#shelf > li")];
const nothing = document.getElementById("nothing");

if (items.length) {
  field.hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const item of items) item.hidden = !item.dataset.find.toLowerCase().includes(wanted);
    nothing.hidden = items.some((item) => !item.hidden);
  });
}
