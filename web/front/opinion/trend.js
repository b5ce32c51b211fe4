// One indicator over time: its line, the band of its interval, rings where it changed firmly.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { colour, write } from "./figures.js";
import { t } from "../shared/words.js";

const HEIGHT = 240;
const at = (id) => document.getElementById(id);

/**
 * @typedef {[number, number, number, number, boolean] | null} Point value, ends, answers, whether it changed firmly
 * @typedef {{key: string, title: string, shape: string, least: number, most: number}} Indicator
 * @typedef {{periods: string[], names: string[], indicators: Indicator[],
 *   series: {name: string, figures: Record<string, Point[]>}[]}} Data
 */

export class Trend {
  #data;
  #plot = null;

  /** @param {Data} data */
  constructor(data) {
    this.#data = data;
    this.of = /** @type {HTMLSelectElement} */ (at("trend-of"));
    this.whose = /** @type {HTMLSelectElement} */ (at("trend-whose"));
    this.of.append(...data.indicators.map((each) => new Option(each.title, each.key)));
    this.whose.append(...data.series.map((each, place) => new Option(each.name, String(place))));
    this.whose.hidden = data.series.length < 2;
    at("trend").hidden = false;
    const first = data.indicators.find((each) => data.series[0].figures[each.key].some(Boolean));
    if (first) this.of.value = first.key;
    const again = () => this.draw();
    this.of.addEventListener("change", again);
    this.whose.addEventListener("change", again);
    addEventListener("resize", again);
    new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
    this.draw();
  }

  draw() {
    const indicator = this.#data.indicators.find((each) => each.key === this.of.value);
    const series = this.#data.series[Number(this.whose.value || 0)];
    const points = series.figures[indicator.key];
    const box = at("trend-plot");
    this.#plot?.destroy();
    this.#plot = null;
    box.replaceChildren();
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", this.#words(indicator, series.name, points));
    this.#table(indicator, points);
    if (!points.some(Boolean)) {
      const none = document.createElement("p");
      none.className = "empty";
      none.textContent = t("opinion.trend_empty");
      box.append(none);
      return;
    }
    const column = (place) => points.map((point) => (point ? point[place] : null));
    const firm = points.map((point) => (point?.[4] ? point[0] : null));
    this.#plot = new uPlot(
      this.#options(indicator, box.clientWidth || 600),
      [points.map((_, place) => place), column(2), column(1), column(0), firm],
      box,
    );
  }

  #options(indicator, width) {
    const say = (value) => write(value, indicator.shape);
    const brand = colour("--brand");
    const pale = colour("--brand-soft");
    const axis = {
      stroke: colour("--soft"), grid: { stroke: colour("--faint"), width: 1 }, ticks: { show: false },
      font: "12px system-ui, sans-serif",
    };
    const edge = { stroke: "transparent", width: 0, points: { show: false } };
    const last = this.#data.periods.length - 1;
    return {
      width, height: HEIGHT, legend: { show: false }, cursor: { show: false },
      scales: {
        x: { time: false, range: [-0.4, last + 0.4] },
        y: { range: (_, low, high) => around(low, high, indicator) },
      },
      axes: [
        {
          ...axis, size: 30, splits: () => this.#data.periods.map((_, place) => place).filter((place) => this.#fits(place, width)),
          values: (_, places) => places.map((place) => this.#data.periods[place] ?? ""),
        },
        { ...axis, size: 60, values: (_, marks) => marks.map(say) },
      ],
      bands: [{ series: [1, 2], fill: pale }],
      series: [
        {}, edge, edge,
        { stroke: brand, width: 2, points: { show: true, size: 5, fill: brand, stroke: brand } },
        { stroke: brand, width: 2, paths: () => null, points: { show: true, size: 12, width: 2, stroke: brand, fill: colour("--card") } },
      ],
    };
  }

  /** Whether there is room for a period's name: each, or every second, third, … from the last back. */
  #fits(place, width) {
    const every = Math.ceil((this.#data.periods.length * 56) / width);
    return (this.#data.periods.length - 1 - place) % every === 0;
  }

  #words(indicator, whose, points) {
    const there = points.map((point, place) => [point, place]).filter(([point]) => point);
    if (!there.length) return t("opinion.trend_empty");
    const [last, place] = there[there.length - 1];
    const values = there.map(([point]) => point[0]);
    const say = (value) => write(value, indicator.shape);
    return t("opinion.trend_words", {
      title: indicator.title, whose, last: say(last[0]), period: this.#data.names[place],
      low: say(Math.min(...values)), high: say(Math.max(...values)),
    });
  }

  #table(indicator, points) {
    const table = /** @type {HTMLTableElement} */ (at("trend-table"));
    const say = (value) => write(value, indicator.shape);
    const head = document.createElement("thead").insertRow();
    for (const title of [t("opinion.period"), t("opinion.value"), t("opinion.interval"), "n"]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = title;
      if (title !== t("opinion.period")) cell.className = "number";
      head.append(cell);
    }
    const body = document.createElement("tbody");
    points.forEach((point, place) => {
      const row = body.insertRow();
      const told = point
        ? [say(point[0]) + (point[4] ? " ○" : ""), `${say(point[1])} – ${say(point[2])}`, String(point[3])]
        : [t("opinion.few"), "", ""];
      [this.#data.names[place], ...told].forEach((text, number) => {
        const cell = row.insertCell();
        cell.textContent = text;
        if (number) cell.className = "number";
      });
    });
    table.replaceChildren(head.parentElement, body);
  }
}

/** A range with room above and below, within the indicator's scale. */
function around(low, high, { least, most }) {
  if (low === null || high === null) return [least, most];
  const room = Math.max((high - low) * 0.15, (most - least) * 0.01);
  return [Math.max(least, low - room), Math.min(most, high + room)];
}
