// Going live: parts that are starting, the countdown, links to the picture with their look, and what is connected.

import { keyed, make, say } from "/static/js/keyed.js";
import { post } from "/static/js/post.js";
import { Socket } from "/static/js/socket.js";
import { word } from "/static/js/words.js";

const at = (id) => document.getElementById(id);
const CLOCK_OFF = 3_000; // ms; as app/live/alerts.py
const LOOK_AGAIN = 2_000; // ms between two looks at parts that are starting

const countdown = at("countdown");
if (countdown) {
  const starts = Number(countdown.dataset.at) * 1000;
  const tick = () => {
    const left = Math.round((starts - Date.now()) / 1000);
    say(at("countdown-left"), left > 0 ? words(left) : word("now_due"));
    if (left < -4) location.reload();
  };
  tick();
  setInterval(tick, 1_000);
}

function words(left) {
  const [days, hours, minutes, seconds] = [left / 86_400, (left / 3_600) % 24, (left / 60) % 60, left % 60].map(Math.floor);
  if (days) return word("in_days", { days, hours });
  return hours ? word("in_hours", { hours, minutes }) : word("in_minutes", { minutes, seconds });
}

const STARTING = ["voice_starting", "voice_down", "model_starting"].map((code) => `#checks [data-code=${code}]`).join(", ");
if (document.querySelector(STARTING)) settle();

/** Look again until voice and model have started; what somebody fills in meanwhile stays as it is. */
async function settle() {
  const answer = document.hidden ? null : await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (answer?.ok && !answer.redirected) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["check-state", "checks", "start-now"]) {
      const [mine, fresh] = [at(id), page.getElementById(id)];
      if (id === "start-now" && !mine?.querySelector("[disabled]")) continue; // somebody may be about to say yes
      if (!mine || !fresh || mine.innerHTML === fresh.innerHTML || mine.contains(document.activeElement)) continue;
      mine.className = fresh.className;
      mine.replaceChildren(...fresh.childNodes);
    }
  }
  if (document.querySelector(STARTING)) setTimeout(settle, LOOK_AGAIN);
}

if (at("links")) bindLinks(`/desk/${encodeURIComponent(at("live-now").dataset.room)}`);

async function bindLinks(base) {
  const look = () => ({ layout: at("look-layout").value, theme: at("look-theme").value, bg: at("look-bg").value });
  const told = (text) => say(at("link-told"), text);
  const trying = (work) => work.catch((error) => { told(error.message); return undefined; });

  async function preview() {
    const made = await trying(post(`${base}/overlay-link`, look()));
    if (made === undefined) return;
    at("picture").dataset.layout = look().layout;
    const url = new URL(made.url, location.origin);
    url.searchParams.set("audio", "0");
    at("preview").src = url.href;
  }

  at("link-make").addEventListener("click", async () => {
    const made = await trying(post(`${base}/overlay-link`, look()));
    if (made === undefined) return;
    at("link-url").value = made.address;
    at("link-qr-picture").src = made.qr;
    at("link").hidden = at("link-qr").hidden = false;
    say(at("link-copy").lastElementChild, word("copy"));
    told("");
  });
  at("link-copy").addEventListener("click", async () => {
    at("link-url").select();
    await navigator.clipboard.writeText(at("link-url").value);
    say(at("link-copy").lastElementChild, word("copied"));
  });
  at("link-revoke")?.addEventListener("click", async () => {
    if ((await trying(post(`${base}/overlay-revoke`, {}))) === undefined) return;
    at("link").hidden = at("link-qr").hidden = true;
    told(word("revoked"));
  });
  for (const id of ["look-layout", "look-theme", "look-bg"]) {
    at(id).addEventListener("change", () => { at("link").hidden = at("link-qr").hidden = true; preview(); });
  }

  const socket = new Socket(`${base}/ws`, {
    text: pages,
    lost(code) {
      if (code !== 4404) return true;
      told(word("link_gone"));
      return false;
    },
  });
  socket.connect();
  await preview();
}

function pages(desk) {
  say(at("pages-count"), String(desk.pages.length));
  at("pages-none").hidden = desk.pages.length > 0;
  keyed(at("pages"), desk.pages, (page) => page.page, () => make("li", "", make("b"), make("span"), make("span")), (node, page) => {
    const [kind, seen, clock] = node.children;
    const off = page.offset_ms === null ? null : Math.abs(page.offset_ms);
    say(kind, word(`page_${page.kind}`));
    say(seen, word("page_seen", { seconds: Math.max(0, Math.round((desk.server_ms - page.seen_ms) / 1000)) }));
    node.dataset.off = off !== null && off > CLOCK_OFF ? "yes" : "no";
    say(clock, off === null ? word("page_clock_unknown") : off < 1_000 ? word("page_clock_ok") : word("page_clock", { seconds: (off / 1000).toFixed(1) }));
  });
}
