// Money and comments by minute; what was said stands below, as text.

import { money } from "/static/js/money.js";
import { word } from "/static/js/words.js";

const at = (id) => document.getElementById(id);
const COLOURS = ["#0c6b58", "#c98a2b", "#5a6fb0"];
const data = at("minutes-data");

at("room")?.addEventListener("change", () => at("room").form.submit());
if (data) draw(JSON.parse(data.textContent));

function draw({ minutes, currencies }) {
  const locale = document.documentElement.lang;
  const labels = minutes.map((minute) => new Date(minute.at * 1000).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hour12: false }));
  const chart = echarts.init(at("minutes"), null, { renderer: "canvas" });
  const muted = "#6b675f";
  chart.setOption({
    animationDuration: 300,
    color: COLOURS,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 8, top: 40, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { color: muted } },
    tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } }, // rich text: no markup is built from what people wrote
    xAxis: { type: "category", data: labels, axisTick: { show: false }, axisLine: { lineStyle: { color: "#d8d2c5" } }, axisLabel: { color: muted } },
    yAxis: [
      { type: "value", axisLabel: { color: muted }, splitLine: { lineStyle: { color: "#eeeae2" } } },
      { type: "value", minInterval: 1, axisLabel: { color: muted }, splitLine: { show: false } },
    ],
    series: [
      ...currencies.map((currency) => ({
        name: `${word("paid")} ${currency}`,
        type: "bar",
        barMaxWidth: 26,
        itemStyle: { borderRadius: [4, 4, 0, 0] },
        data: minutes.map((minute) => Number(minute.paid[currency] ?? 0)),
        tooltip: { valueFormatter: (amount) => money(String(amount), currency) },
      })),
      { name: word("comments"), type: "line", yAxisIndex: 1, smooth: 0.25, symbol: "circle", symbolSize: 5, color: "#c98a2b", data: minutes.map((minute) => minute.comments) },
    ],
  });
  const choose = (index) => {
    const minute = minutes[index];
    at("minute-at").textContent = `${labels[index]} · ${word("orders", { count: minute.orders })}`;
    at("minute-said").textContent = minute.said.length ? minute.said.join(" ") : word("nothing_said");
    at("minute-choice").value = index;
  };
  chart.on("updateAxisPointer", ({ axesInfo }) => { if (axesInfo?.[0]) choose(axesInfo[0].value); });
  at("minute-choice").addEventListener("input", (event) => {
    choose(Number(event.target.value));
    chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: Number(event.target.value) });
  });
  new ResizeObserver(() => chart.resize()).observe(at("minutes"));
}
