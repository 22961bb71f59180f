// The figures page: money and orders over what was being said, and everything again every few seconds while it runs.

import { make, say } from "/static/js/keyed.js";
import { money } from "/static/js/money.js";
import { word } from "/static/js/words.js";

const EVERY = 3000; // milliseconds between two looks while a show runs: figures are never more than 5 s old
const LIVE = ["figures", "funnel", "products", "questions"];
const MUTED = "#6b675f";
const at = (id) => document.getElementById(id);
const locale = document.documentElement.lang;

for (const select of document.querySelectorAll("#room, #settled")) {
  select.form.querySelector("[data-needless]").hidden = true;
  select.addEventListener("change", () => { if (select.value) select.form.submit(); });
}
if (at("minutes-data")) start();

function start() {
  let data = JSON.parse(at("minutes-data").textContent);
  let chosen = null;
  const chart = echarts.init(at("minutes"), null, { renderer: "canvas" });
  const product = at("chart-product");
  const currency = at("chart-currency");
  at("chart-choice").hidden = false;

  const sold = (minute) => (product.value ? minute.products[product.value] ?? { paid: {}, orders: 0 } : minute);
  const paid = (minute) => sold(minute).paid[currency.value] ?? "0";

  function time(minute) {
    const moment = new Date(minute.at * 1000);
    return data.step === "day" ? moment.toLocaleDateString(locale, { month: "numeric", day: "numeric" }) : moment.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hour12: false });
  }

  function draw() {
    currency.hidden = currency.options.length < 2;
    chart.setOption({
      animationDuration: 300,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 8, top: 40, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { color: MUTED } },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "shadow" } }, // rich text: no markup is built from what people wrote
      xAxis: { type: "category", data: data.minutes.map(time), axisTick: { show: false }, axisLine: { lineStyle: { color: "#d8d2c5" } }, axisLabel: { color: MUTED } },
      yAxis: [
        { type: "value", axisLabel: { color: MUTED }, splitLine: { lineStyle: { color: "#eeeae2" } } },
        { type: "value", minInterval: 1, axisLabel: { color: MUTED }, splitLine: { show: false } },
      ],
      series: [
        { id: "paid", name: currency.value ? `${word("paid")} ${currency.value}` : word("paid"), type: "bar", barMaxWidth: 26, color: "#0c6b58", itemStyle: { borderRadius: [4, 4, 0, 0] }, data: data.minutes.map((minute) => Number(paid(minute))), tooltip: { valueFormatter: (amount) => (currency.value ? money(String(amount), currency.value) : String(amount)) } },
        { id: "orders", name: word("chart_orders"), type: "line", yAxisIndex: 1, symbol: "circle", symbolSize: 6, color: "#c98a2b", lineStyle: { width: 2 }, data: data.minutes.map((minute) => sold(minute).orders) },
      ],
    });
    at("minute-choice").max = data.minutes.length - 1;
    if (chosen !== null) tell(chosen);
  }

  function tell(index) {
    const minute = data.minutes[index];
    if (!minute) return;
    chosen = index;
    at("minute-choice").value = index;
    const amount = currency.value ? money(paid(minute), currency.value) : "—";
    say(at("minute-at"), word(data.step === "day" ? "at_day" : "at_minute", { time: time(minute), money: amount, orders: sold(minute).orders, comments: minute.comments }));
    at("minute-choice").setAttribute("aria-valuetext", at("minute-at").textContent);
    const lines = minute.said.map((line) => {
      const item = make("li", product.value && line.product !== product.value ? "other" : "");
      const title = data.titles[line.product];
      const when = make("em");
      when.textContent = new Date(line.at * 1000).toLocaleTimeString(locale, { hour12: false }) + (title ? ` · ${title}` : "");
      item.append(when, line.text);
      return item;
    });
    if (!lines.length || minute.unsaid) {
      const item = make("li");
      item.textContent = minute.unsaid ? word("unsaid", { count: minute.unsaid }) : word("nothing_said");
      lines.push(item);
    }
    at("minute-said").replaceChildren(...lines);
  }

  chart.on("updateAxisPointer", ({ axesInfo }) => { if (axesInfo?.[0]) tell(axesInfo[0].value); });
  chart.getZr().on("click", ({ offsetX, offsetY }) => {
    // A tap anywhere above a bar means that bar: on a phone the bars are a few pixels wide.
    if (chart.containPixel({ gridIndex: 0 }, [offsetX, offsetY])) tell(chart.convertFromPixel({ xAxisIndex: 0 }, offsetX));
  });
  at("minute-choice").addEventListener("input", (event) => {
    tell(Number(event.target.value));
    chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: Number(event.target.value) });
  });
  for (const select of [product, currency]) select.addEventListener("change", draw);
  new ResizeObserver(() => chart.resize()).observe(at("minutes"));
  draw();
  window.figures = { chart, data: () => data }; // read by our tests

  setInterval(async () => {
    if (document.hidden || at("figures").dataset.live !== "on") return;
    const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return; // the next look tries again
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("minutes-data")) return;
    for (const id of LIVE) {
      const [mine, fresh] = [at(id), page.getElementById(id)];
      // What somebody reads with the keyboard or has scrolled to is left alone until they leave it.
      if (mine && fresh && mine.innerHTML !== fresh.innerHTML && !mine.contains(document.activeElement)) mine.replaceChildren(...fresh.childNodes);
    }
    at("figures").dataset.live = page.getElementById("figures").dataset.live;
    refill(currency, page.getElementById("chart-currency"));
    refill(product, page.getElementById("chart-product"));
    data = JSON.parse(page.getElementById("minutes-data").textContent);
    draw();
  }, EVERY);
}

/** Bring a select's choices up to date and keep what was chosen. */
function refill(select, fresh) {
  if (select.innerHTML === fresh.innerHTML) return;
  const { value } = select;
  select.replaceChildren(...fresh.childNodes);
  if ([...select.options].some((option) => option.value === value)) select.value = value;
}
