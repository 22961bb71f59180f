// How the push does, once a second; when it ends the page is read anew.

import { word } from "/static/js/words.js";

const box = document.getElementById("push");
const EVERY = 1_000; // ms

async function look() {
  const answer = await fetch(`/desk/${encodeURIComponent(box.dataset.room)}/push.json`);
  if (!answer.ok) return;
  const health = await answer.json();
  if (!health || health.state === "ended") {
    location.reload();
    return;
  }
  box.dataset.state = health.state;
  put("state", word(`push_${health.state}`));
  put("seconds", String(Math.round(health.seconds)));
  put("fps", String(health.fps));
  put("dropped", String(health.dropped));
  put("connections", String(health.connections));
  put("problem", health.problem);
  document.getElementById("push-problem").hidden = !health.problem;
}

function put(name, text) {
  document.getElementById(`push-${name}`).textContent = text;
}

if (!["none", "ended"].includes(box.dataset.state)) setInterval(() => look().catch(console.error), EVERY);
