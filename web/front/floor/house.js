// The floor as a whole: a strip of figures, agents by state, trunks.
import { count, rate, share } from "../shared/figures.js";
import { defined } from "../shared/grid.js";
import { t } from "../shared/words.js";

const STATES = ["ready", "reserved", "talking", "wrap_up", "paused", "offline"];
const FIGURES = [
  ["utilisation", () => t("floor.utilisation"), (row) => share(row.utilisation)],
  ["talking", () => t("floor.talking"), (row) => count(row.talking)],
  ["ready", () => t("floor.agents_ready"), (row) => count(row.ready)],
  ["waiting", () => t("floor.waiting"), (row) => count(row.waiting)],
  ["lines", () => t("floor.lines"), (row) => count(row.lines)],
  ["pace", () => t("floor.pace"), (row) => rate(row.pace)],
];

/** Writes a text only when it is another one. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {import("../shared/tables.js").Tables} tables */
export function showHouse(tables) {
  showStrip(document.getElementById("house"), tables);
  const agents = document.getElementById("agents");
  if (agents) showAgents(agents, tables);
  const trunks = document.getElementById("trunks");
  if (trunks) showTrunks(trunks, tables);
}

function showStrip(list, tables) {
  const boxes = FIGURES.map(([name, title, read]) => {
    const box = document.createElement("div");
    const term = document.createElement("dt");
    const value = document.createElement("dd");
    value.className = "figure";
    if (name === "utilisation") term.append(defined(title(), t("floor.utilisation_words")));
    else term.textContent = title();
    box.append(term, value);
    list.append(box);
    return [value, read, box, name];
  });
  const show = () => {
    const row = tables.table("house").get("") ?? {};
    for (const [value, read, box, name] of boxes) {
      box.hidden = !(name in row);
      say(value, read(row));
    }
  };
  tables.addEventListener("house", show);
  show();
}

function bar(list, name) {
  const line = document.createElement("li");
  const title = document.createElement("span");
  const meter = document.createElement("span");
  const value = document.createElement("span");
  meter.className = "meter long";
  value.className = "number";
  line.dataset.state = name;
  line.append(title, meter, value);
  list.append(line);
  return { line, title, meter, value };
}

function showAgents(list, tables) {
  const bars = STATES.map((state) => [state, bar(list, state)]);
  for (const [state, each] of bars) each.title.textContent = t(`floor.agent_${state}`);
  const signedIn = document.getElementById("signed-in");
  const show = () => {
    const counts = {};
    for (const row of tables.table("agents").values()) counts[row.state] = (counts[row.state] ?? 0) + 1;
    const there = tables.table("agents").size - (counts.offline ?? 0);
    say(signedIn, t("floor.signed_in", { count: there }));
    for (const [state, each] of bars) {
      const number = counts[state] ?? 0;
      say(each.value, count(number));
      each.meter.style.setProperty("--share", String(state === "offline" ? 0 : number / Math.max(1, there)));
    }
  };
  tables.addEventListener("agents", show);
  show();
}

function showTrunks(list, tables) {
  const bars = new Map();
  tables.addEventListener("trunks", () => show());
  const show = () => {
    for (const [name, row] of tables.table("trunks")) {
      if (!bars.has(name)) bars.set(name, bar(list, "trunk"));
      const each = bars.get(name);
      const state = row.enabled ? row.state : "off";
      say(each.title, name);
      each.title.title = t(`floor.trunk_${state}`);
      each.line.classList.toggle("bad", state === "resting");
      say(each.value, state === "working" ? t("floor.of_limit", { value: count(row.used), limit: count(row.lines) }) : t(`floor.trunk_${state}`));
      each.meter.style.setProperty("--share", String(row.used / Math.max(1, row.lines)));
    }
    for (const [name, each] of bars) {
      if (tables.table("trunks").has(name)) continue;
      each.line.remove();
      bars.delete(name);
    }
  };
  show();
}
