// The code of an invitation stands in the fragment: put it into the form, and tell what it offers.

import { post, Refused } from "/static/js/post.js";

const field = document.getElementById("join-code");
const code = decodeURIComponent(location.hash.slice(1)) || field.value;
const told = document.getElementById("join-offer");
const bad = document.getElementById("join-bad");
field.value = code;

try {
  const offer = await post("/join/look", { code });
  const roles = JSON.parse(told.dataset.roles);
  const words = { by: offer.made_by, shop: offer.shop, role: roles[offer.role] };
  told.textContent = told.dataset.offer.replace(/\{(\w+)\}/g, (slot, name) => words[name] ?? slot);
  told.hidden = false;
  const account = document.getElementById("join-account");
  if (offer.account) Object.assign(account, { value: offer.account, readOnly: true });
} catch (problem) {
  if (!(problem instanceof Refused && problem.status === 403)) throw problem; // the form may still go through
  bad.hidden = false;
  document.getElementById("join").hidden = true;
}
