// Overlay links: one for the preview beside the desk, fresh ones for OBS.

import { post } from "/static/js/post.js";
import { word } from "/static/js/words.js";

const at = (id) => document.getElementById(id);

export async function bindLink(base, trying) {
  let code = "";
  const take = async () => new URL((await post(`${base}/overlay-link`, {})).url, location.origin).hash;
  const address = () => {
    const url = new URL("/overlay", location.origin);
    url.searchParams.set("layout", at("obs-layout").value);
    if (at("obs-bg").value !== "none") url.searchParams.set("bg", at("obs-bg").value);
    url.hash = code;
    at("obs-url").value = url.href;
  };
  at("obs-open").addEventListener("click", async () => {
    const fresh = await trying(take());
    if (fresh === undefined) return;
    code = fresh;
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
  if (own !== undefined) preview.src = preview.dataset.src + own;
}
