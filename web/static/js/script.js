// The script's page: its writing followed as it goes on, every line to be heard.

import { hush, listen, VoiceAway } from "/static/js/audition.js";
import { keyed, make, say } from "/static/js/keyed.js";
import { post } from "/static/js/post.js";
import { Talking } from "/static/js/talking.js";

const words = JSON.parse(document.getElementById("words").textContent);
const panel = document.getElementById("writing");
const canvas = document.getElementById("script-host");
const away = document.getElementById("voice-away");
const host = new Talking(canvas);

function told(progress) {
  panel.hidden = false;
  say(document.getElementById("writing-state"), words[`progress_${progress.state}`]);
  const bar = document.getElementById("writing-bar");
  bar.max = Math.max(1, progress.wanted);
  bar.value = progress.done;
  document.getElementById("writing-away").hidden = !progress.away;
  keyed(document.getElementById("writing-blocks"), progress.blocks, (block) => block.block,
    () => make("li", "", make("b"), make("small"), make("div")),
    (node, block) => {
      const [title, state, lines] = node.children;
      say(title, block.title);
      say(state, words[`block_${block.state}`]);
      keyed(lines, block.lines, (line) => line.kind, () => make("p"), (paragraph, line) => say(paragraph, line.text));
    });
}

function follow() {
  const events = new EventSource(panel.dataset.progress);
  events.onmessage = ({ data }) => told(JSON.parse(data));
  events.addEventListener("over", () => {
    events.close();
    location.reload(); // the finished lines come with their verdicts and buttons
  });
}

for (const form of document.querySelectorAll("form[data-write]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const button of document.querySelectorAll("form[data-write] button")) button.disabled = true;
    told(await post(form.getAttribute("action"), Object.fromEntries(new FormData(form))));
    panel.scrollIntoView({ block: "nearest" });
    follow();
  });
}
for (const form of document.querySelectorAll("form[data-slow]")) {
  form.addEventListener("submit", () => { form.querySelector("button").classList.add("disabled"); });
}

async function hear(button) {
  const again = button.classList.contains("sounding") || button.classList.contains("making");
  hush();
  if (again) return;
  away.hidden = true;
  button.classList.add("making");
  try {
    await listen(button.dataset.line, {}, {
      onClause: (clause, inSeconds) => {
        button.classList.replace("making", "sounding");
        canvas.hidden = false;
        host.show(canvas.dataset.host);
        host.say(clause.visemes, inSeconds);
      },
      onEnd: () => {
        button.classList.remove("making", "sounding");
        canvas.hidden = true;
        host.quiet();
      },
    });
  } catch (error) {
    if (!(error instanceof VoiceAway)) throw error;
    away.hidden = false;
  }
}

// A claim lights the facts it stands on, a fact the claims that stand on it; never those of another product.
function lit(event, on) {
  const at = event.target.closest?.("[data-facts], [data-fact]");
  const block = at?.closest(".block");
  if (!block) return;
  const keys = at.dataset.fact ? [at.dataset.fact] : at.dataset.facts.split("|");
  for (const fact of block.querySelectorAll("[data-fact]")) {
    if (keys.includes(fact.dataset.fact)) fact.classList.toggle("lit", on);
  }
  for (const claim of block.querySelectorAll("[data-facts]")) {
    if (claim.dataset.facts.split("|").some((key) => keys.includes(key))) claim.classList.toggle("lit", on);
  }
}
for (const [name, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(name, (event) => lit(event, on));
}
if (matchMedia("(max-width: 900px)").matches) {
  for (const facts of document.querySelectorAll(".block-facts")) facts.open = false;
}

for (const button of document.querySelectorAll("[data-listen]")) button.addEventListener("click", () => hear(button));
if (panel.dataset.running === "yes") follow();
