// Drop files on the zone: they become the form's own files and it is sent. Without this script it is a plain form.

import { word } from "/static/js/words.js";

const form = document.getElementById("upload");
const field = document.getElementById("files");
const zone = document.getElementById("drop");
const chosen = document.getElementById("chosen");

for (const name of ["dragenter", "dragover"]) {
  zone.addEventListener(name, (event) => {
    event.preventDefault();
    zone.classList.add("drop-over");
  });
}
for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("drop-over"));
zone.addEventListener("drop", (event) => {
  event.preventDefault();
  if (!event.dataTransfer.files.length) return;
  field.files = event.dataTransfer.files;
  field.dispatchEvent(new Event("change"));
  form.requestSubmit();
});
form.addEventListener("submit", () => {
  document.getElementById("send").disabled = true;
  document.getElementById("sending").hidden = false;
  document.getElementById("sending").removeAttribute("value");
  chosen.textContent = word("reading");
});
addEventListener("pageshow", () => {
  document.getElementById("send").disabled = false;
  document.getElementById("sending").hidden = true;
});
