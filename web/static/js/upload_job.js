// How far the import is, asked twice a second; its end shows the result.

import { word } from "/static/js/words.js";

const job = document.getElementById("job");
const at = (id) => document.getElementById(id);
const EVERY = 500; // ms

function show({ goods, done, fetches, fetched, eta_seconds }) {
  at("bar").value = goods ? (100 * done) / goods : 100;
  at("done").textContent = new Intl.NumberFormat(document.documentElement.lang).format(done);
  at("eta").textContent = eta_seconds && done < goods ? word("eta", { seconds: Math.max(1, Math.ceil(eta_seconds)) }) : "";
  at("pictures").hidden = !fetches;
  at("pictures").textContent = fetches ? word("fetching", { done: fetched, all: fetches }) : "";
}

async function ask() {
  try {
    const answer = await fetch(job.dataset.progress, { headers: { accept: "application/json" } });
    if (answer.status === 401) return location.assign("/login");
    if (answer.ok) {
      const progress = await answer.json();
      show(progress);
      if (progress.state !== "running") return location.reload();
    }
  } catch {
    at("eta").textContent = word("connection_lost"); // the next question may find the studio back
  }
  setTimeout(ask, EVERY);
}

ask();
