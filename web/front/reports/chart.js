// The report's main column over time, a line for each of the five who have the most of it.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { count, length, share } from "../shared/figures.js";
import { language } from "../shared/words.js";

const HEIGHT = 220;
const COLOURS = ["--brand", "--warn", "--focus", "--bad", "--soft"];
const DASHES = [[], [8, 4], [2, 3], [12, 4, 2, 4], [5, 5]];
const say = {
  share: (value) => share(value, 0),
  seconds: length,
  count,
};

/** A colour token as the canvas takes it. */
function colour(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** @param {{kind: string, at: number[], days: boolean, zone: string, series: {name: string, values: (number | null)[]}[]}} data */
export function draw(data) {
  const box = document.getElementById("plot");
  const section = document.getElementById("chart");
  section.hidden = false;
  const main = [...document.querySelectorAll("#rows thead th")].find((head) => head.dataset.main === "yes");
  document.getElementById("chart-title").textContent = data.title || main?.textContent || "";
  let plot = null;
  const again = () => {
    plot?.destroy();
    plot = new uPlot(options(data, box.clientWidth || 600), [data.at, ...data.series.map((each) => each.values)], box);
    legend(data);
  };
  again();
  addEventListener("resize", again);
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", `${data.title}: ${data.series.map((each) => each.name).join(", ")}`);
}

function options(data, width) {
  const shown = say[data.kind] ?? count;
  const time = { hour: "2-digit", minute: "2-digit", hour12: false };
  const oneDay = data.at[data.at.length - 1] - data.at[0] < 86_400;
  const form = data.days ? { day: "numeric", month: "short" } : oneDay ? time : { weekday: "short", ...time };
  const clock = new Intl.DateTimeFormat(language, { ...form, timeZone: data.zone });
  const axis = { stroke: colour("--soft"), grid: { stroke: colour("--faint"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
  const points = { show: data.at.length < 40, size: 5 };
  return {
    width, height: HEIGHT, legend: { show: false }, cursor: { y: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1e3), data.zone),
    scales: { x: { time: true }, y: { range: (_, low, high) => [0, Math.max(high ?? 0, data.kind === "share" ? 0.05 : 1) * 1.08] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => clock.format(tick * 1000)), space: 90 },
      { ...axis, values: (_, ticks) => ticks.map(shown), size: 64 },
    ],
    series: [{}, ...data.series.map((each, place) => ({
      label: each.name, stroke: colour(COLOURS[place]), width: 2, dash: DASHES[place], points,
    }))],
  };
}

function legend(data) {
  const list = document.getElementById("legend");
  list.replaceChildren(...data.series.map((each, place) => {
    const line = document.createElement("li");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("width", "26");
    svg.setAttribute("height", "6");
    svg.setAttribute("aria-hidden", "true");
    const stroke = document.createElementNS(svg.namespaceURI, "line");
    for (const [name, value] of [["x1", 0], ["x2", 26], ["y1", 3], ["y2", 3], ["stroke-width", 2]]) stroke.setAttribute(name, String(value));
    stroke.setAttribute("stroke", colour(COLOURS[place]));
    stroke.setAttribute("stroke-dasharray", DASHES[place].join(" "));
    svg.append(stroke);
    line.append(svg, each.name);
    return line;
  }));
}
