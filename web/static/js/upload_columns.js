// A changed column shows its effect at once: the form asks for the preview again by itself.

const form = document.getElementById("columns");
const look = form.querySelector("button[name=look]");
const place = "upload-columns-scroll";

form.addEventListener("change", () => {
  sessionStorage.setItem(place, String(scrollY));
  form.requestSubmit(look);
});
const before = sessionStorage.getItem(place);
if (before !== null) {
  sessionStorage.removeItem(place);
  scrollTo(0, Number(before));
}
