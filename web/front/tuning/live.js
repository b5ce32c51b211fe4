// The campaign as it is now, above its tuning.
import { count, rate, share } from "../shared/figures.js";
import { Tables } from "../shared/tables.js";
import { t } from "../shared/words.js";

const FIGURES = [
  ["floor.utilisation", (row) => share(row.utilisation)],
  ["floor.abandonment", (row) => (row.limit === null ? share(row.abandonment, 2)
    : t("floor.of_limit", { value: share(row.abandonment, 2), limit: share(row.limit, 1) }))],
  ["floor.lines", (row) => t("floor.of_limit", { value: count(row.lines), limit: count(row.lines_most) })],
  ["floor.ringing", (row) => count(row.ringing)],
  ["floor.waiting", (row) => count(row.waiting)],
  ["floor.talking", (row) => count(row.talking)],
  ["floor.pace", (row) => rate(row.pace)],
  ["floor.left", (row) => count(row.left)],
];

/** @param {{campaign: string, state: Record<string, any>}} data */
export function showLive(data) {
  const list = document.getElementById("live");
  const values = FIGURES.map(([title, read]) => {
    const box = document.createElement("div");
    const term = document.createElement("dt");
    const value = document.createElement("dd");
    term.textContent = t(title);
    value.className = "figure";
    box.append(term, value);
    list.append(box);
    return [value, read];
  });
  const tables = new Tables("/floor/live", data.state);
  const show = () => {
    const row = tables.table("campaigns").get(data.campaign);
    list.hidden = !row;
    if (!row) return;
    for (const [value, read] of values) {
      const text = read(row);
      if (value.textContent !== text) value.textContent = text;
    }
    const state = document.getElementById("state");
    const word = t(`floor.state_${row.state}`);
    if (state.textContent !== word) state.textContent = word;
  };
  tables.addEventListener("campaigns", show);
  show();
}
