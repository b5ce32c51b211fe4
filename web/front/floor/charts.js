// The last hours as lines: a point a minute from the server, and the present second at the end.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { ask } from "../shared/ask.js";
import { count, share } from "../shared/figures.js";
import { language, t } from "../shared/words.js";

const REDRAW_SECONDS = 5;
const HEIGHT = 150;
const CHARTS = {
  house: [["utilisation", "share"], ["talking", "count"], ["waiting", "count"], ["lines", "count"]],
  campaigns: [["utilisation", "share"], ["abandonment", "share"], ["waiting", "count"], ["lines", "count"]],
  queues: [["service_level", "share"], ["waiting", "count"], ["longest_wait", "count"]],
};
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false });

const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

/** A colour token as the canvas takes it: `light-dark()` is worked out by a real element. */
function colour(name) {
  const probe = document.createElement("span");
  probe.style.color = css(name) || `var(${name})`;
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function options(width, unit, limit) {
  const say = unit === "share" ? (value) => share(value, value > 0 && value < 0.1 ? 1 : 0) : count;
  const soft = colour("--soft");
  const faint = colour("--faint");
  const axis = { stroke: soft, grid: { stroke: faint, width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
  return {
    width, height: HEIGHT, legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: (_, low, high) => [0, Math.max(high ?? 0, limit ?? 0, unit === "share" ? 0.05 : 4) * 1.08] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => clock.format(tick * 1000)), space: 70 },
      { ...axis, values: (_, ticks) => ticks.map(say), size: 52 },
    ],
    series: [
      {},
      { stroke: colour("--brand"), width: 2, spanGaps: true, points: { show: false }, value: (_, value) => say(value) },
      { stroke: colour("--warn"), width: 1.5, dash: [5, 4], points: { show: false } },
    ],
  };
}

export class Charts {
  #tables;
  #box;
  #plots = [];
  #data = { at: [] };
  #kind = "house";
  #name = "";
  #last = 0;

  /**
   * @param {HTMLElement} box
   * @param {import("../shared/tables.js").Tables} tables
   */
  constructor(box, tables) {
    this.#box = box;
    this.#tables = tables;
    this.of = /** @type {HTMLSelectElement} */ (document.getElementById("chart-of"));
    this.span = /** @type {HTMLSelectElement} */ (document.getElementById("chart-span"));
    this.of.addEventListener("change", () => this.load());
    this.span.addEventListener("change", () => this.load());
    addEventListener("resize", () => this.#draw());
    new MutationObserver(() => this.#draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    for (const kind of ["campaigns", "queues"]) tables.addEventListener(kind, () => this.#choices());
    tables.addEventListener("tick", () => this.#tick());
    this.#choices();
    this.load();
  }

  /** Read the minutes of what is chosen. */
  async load() {
    const chosen = this.of.value;
    this.#kind = chosen.slice(0, chosen.indexOf(":"));
    this.#name = chosen.slice(chosen.indexOf(":") + 1);
    const query = new URLSearchParams({ kind: this.#kind, name: this.#name, minutes: this.span.value });
    try {
      this.#data = await ask(`/floor/history?${query}`);
    } catch {
      this.#data = { at: [] };
    }
    this.#draw();
  }

  #choices() {
    const wanted = [["house:", t("floor.chart_house")]];
    for (const [name, row] of this.#tables.table("campaigns")) wanted.push([`campaigns:${name}`, row.title]);
    for (const [name, row] of this.#tables.table("queues")) wanted.push([`queues:${name}`, row.title || name]);
    if (wanted.length === this.of.length && wanted.every(([value], place) => this.of.options[place].value === value)) return;
    const chosen = this.of.value;
    this.of.replaceChildren(...wanted.map(([value, text]) => new Option(text, value, false, value === chosen)));
  }

  #draw() {
    this.#plots.forEach(({ plot }) => plot.destroy());
    this.#box.replaceChildren();
    const frames = (CHARTS[this.#kind] ?? []).map(([figure, unit]) => {
      const frame = document.createElement("figure");
      const title = document.createElement("figcaption");
      const hole = document.createElement("div");
      frame.append(title, hole);
      this.#box.append(frame);
      return { figure, unit, title, hole };
    });
    // all frames first: a frame alone in its row is wider than it will be
    this.#plots = frames.map(({ figure, unit, title, hole }) => {
      const limit = figure === "abandonment" ? this.#row().limit : null;
      const plot = new uPlot(options(hole.clientWidth || 320, unit, limit), this.#series(figure, limit), hole);
      hole.setAttribute("role", "img");
      return { figure, unit, limit, plot, title, hole };
    });
    this.#say();
  }

  #row() {
    return this.#tables.table(this.#kind).get(this.#name) ?? {};
  }

  /** The minutes, and now at the end. */
  #series(figure, limit) {
    const value = this.#row()[figure];
    const at = [...this.#data.at, Math.round(this.#tables.now())];
    const values = [...(this.#data[figure] ?? []), typeof value === "number" ? value : null];
    return [at, values, at.map(() => limit ?? null)];
  }

  #tick() {
    const now = this.#tables.now();
    if (now - this.#last < REDRAW_SECONDS || document.hidden) return;
    if (Math.floor(now / 60) !== Math.floor(this.#last / 60) && this.#last) this.#keep(now);
    this.#last = now;
    for (const { figure, limit, plot } of this.#plots) plot.setData(this.#series(figure, limit));
    this.#say();
  }

  /** A minute is full: what is now becomes its point. */
  #keep(now) {
    this.#data.at.push(Math.floor(now / 60) * 60 - 60);
    for (const [figure] of CHARTS[this.#kind] ?? []) (this.#data[figure] ??= []).push(this.#row()[figure] ?? null);
    const first = now - 60 * Number(this.span.value);
    while (this.#data.at.length && this.#data.at[0] < first) Object.values(this.#data).forEach((list) => list.shift());
  }

  /** What the lines say, for who cannot see them, and the present value beside the title. */
  #say() {
    for (const { figure, unit, title, hole } of this.#plots) {
      const name = t(`floor.${figure}`);
      const say = unit === "share" ? (value) => share(value, 1) : count;
      const values = this.#series(figure)[1].filter((value) => value !== null);
      const now = this.#row()[figure];
      const shown = `${name} ${say(now)}`;
      if (title.textContent !== shown) title.textContent = shown;
      hole.setAttribute("aria-label", values.length
        ? t("floor.chart_figures", { title: name, now: say(now), low: say(Math.min(...values)), high: say(Math.max(...values)) })
        : t("floor.chart_empty"));
    }
  }
}
