// How long until something starts, in the reader's language, wherever a page has [data-countdown] (unix seconds).

const format = new Intl.RelativeTimeFormat(document.documentElement.lang || "zh-CN", { numeric: "always" });
const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

function tick() {
  for (const node of document.querySelectorAll("[data-countdown]")) {
    const left = Math.max(0, Math.round(Number(node.dataset.countdown) - Date.now() / 1000));
    const [unit, size] = UNITS.find(([, seconds]) => left >= 2 * seconds) ?? UNITS[3];
    node.textContent = format.format(Math.floor(left / size), unit);
  }
}

tick();
setInterval(tick, 1_000);
