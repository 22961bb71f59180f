// The shelf is asked anew while somebody types or chooses; without this script the form's button does it.

const form = document.getElementById("look");
const TYPING = 300; // ms without a key before the shelf is asked

let asked = 0;
let timer = null;

function address() {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  return query.size ? `/catalogue?${query}` : "/catalogue";
}

async function look() {
  const turn = ++asked;
  const wanted = address();
  const answer = await fetch(wanted, { headers: { accept: "text/html" } });
  if (!answer.ok || turn !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById("found");
  if (!found) return location.assign(wanted);
  document.getElementById("found").replaceWith(document.adoptNode(found));
  history.replaceState(null, "", wanted);
}

if (form) {
  document.getElementById("look-go").hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    look();
  });
  form.addEventListener("input", ({ target }) => {
    clearTimeout(timer);
    timer = setTimeout(look, target.type === "search" ? TYPING : 0);
  });
}
