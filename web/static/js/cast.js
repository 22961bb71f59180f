// Choosing who speaks: the portrait follows the choice and says its sample in the real voice.

import { hush, listen, VoiceAway } from "/static/js/audition.js";
import { Talking } from "/static/js/talking.js";

const form = document.getElementById("show-form");
const stage = document.getElementById("cast-stage");
const caption = document.getElementById("cast-caption");
const away = document.getElementById("voice-away");
const host = new Talking(document.getElementById("cast-host"));
const voices = [...form.querySelectorAll(".voice")];

const show = () => host.show(`/static/hosts/${form.elements.host.value}/`);

function languageChosen() {
  const lang = form.elements.lang.value;
  for (const voice of voices) voice.hidden = voice.dataset.lang !== lang;
  const chosen = voices.find((voice) => voice.querySelector("input").checked);
  if (!chosen || chosen.hidden) voices.find((voice) => !voice.hidden).querySelector("input").checked = true;
}

async function hear(button) {
  const again = button.classList.contains("sounding") || button.classList.contains("making");
  hush();
  if (again) return;
  away.hidden = true;
  button.closest(".voice").querySelector("input").checked = true;
  button.classList.add("making");
  try {
    await listen("/auditions", { voice: button.dataset.voice }, {
      onClause: (clause, inSeconds) => {
        button.classList.replace("making", "sounding");
        host.say(clause.visemes, inSeconds);
        setTimeout(() => { if (button.classList.contains("sounding")) caption.textContent = clause.text; }, inSeconds * 1000);
      },
      onEnd: () => {
        button.classList.remove("making", "sounding");
        caption.textContent = "";
        host.quiet();
      },
    });
  } catch (error) {
    if (!(error instanceof VoiceAway)) throw error;
    away.hidden = false;
  }
}

/** Another host comes with the voice that fits; the merchant may choose a different one afterwards. */
async function hostChosen() {
  const before = form.elements.voice.value;
  await show();
  if (form.elements.voice.value !== before) return; // a voice was picked while the picture came
  const fitting = voices.find((voice) => voice.querySelector("input").value === host.voice(form.elements.lang.value));
  if (fitting) fitting.querySelector("input").checked = true;
}

form.addEventListener("change", ({ target }) => {
  if (target.name === "host") hostChosen();
  if (target.name === "lang") languageChosen();
  if (target.name === "theme") stage.dataset.theme = target.value;
  if (target.name === "background") stage.dataset.bg = target.value;
});
for (const button of form.querySelectorAll("[data-listen]")) button.addEventListener("click", () => hear(button));
languageChosen();
show();
