// Overlay links: one for the preview beside the desk, fresh ones for OBS.

import { post } from "/static/js/post.js";
import { word } from "/static/js/words.js";

const at = (id) => document.getElementById(id);

export async function bindLink(base, trying) {
  let link = null; // with the show's own theme and background
  const take = async () => new URL((await post(`${base}/overlay-link`, {})).url, location.origin);
  const dress = (url, bg) => {
    const theme = link.searchParams.get("theme");
    if (theme) url.searchParams.set("theme", theme);
    if (bg && bg !== "none") url.searchParams.set("bg", bg);
    url.hash = link.hash;
    return url;
  };
  const address = () => {
    const url = new URL("/overlay", location.origin);
    url.searchParams.set("layout", at("obs-layout").value);
    at("obs-url").value = dress(url, at("obs-bg").value).href;
  };
  at("obs-open").addEventListener("click", async () => {
    const fresh = await trying(take());
    if (fresh === undefined) return;
    link = fresh;
    address();
    at("obs-copy").lastElementChild.textContent = word("copy");
    at("obs").showModal();
  });
  for (const id of ["obs-layout", "obs-bg"]) at(id).addEventListener("change", address);
  at("obs-copy").addEventListener("click", async () => {
    at("obs-url").select();
    await navigator.clipboard.writeText(at("obs-url").value);
    at("obs-copy").lastElementChild.textContent = word("copied");
  });
  const preview = at("preview");
  const own = await trying(take());
  if (own === undefined) return;
  link = own;
  const bg = own.searchParams.get("bg");
  if ([...at("obs-bg").options].some((option) => option.value === bg)) at("obs-bg").value = bg;
  preview.src = dress(new URL(preview.dataset.src, location.origin), bg ?? "studio").href;
}
