// Campaigns as they are now: one line each.
import { count, rate, share } from "../shared/figures.js";
import { Grid } from "../shared/grid.js";
import { t } from "../shared/words.js";

const STATES = { calling: "good", careful: "odd", held: "bad", paused: "quiet", closed: "quiet", over: "quiet", to_come: "quiet" };
const NEAR = 0.9;

/** @param {Record<string, any>} row */
export function modeOf(row) {
  const target = row.mode === "ratio" ? rate(row.target) : share(row.target, 1);
  return t(`floor.mode_${row.mode}`, { target });
}

function abandoned(row) {
  if (row.mode === "agentless" || row.mode === "preview") return "";
  const part = row.limit ? (row.abandonment ?? 0) / row.limit : 0;
  const text = t("floor.of_limit", { value: share(row.abandonment, 2), limit: share(row.limit, 1) });
  return { text, share: part, kind: part > 1 ? "bad" : part > NEAR ? "odd" : "" };
}

function used(row) {
  if (row.mode === "agentless") return "";
  return { text: share(row.utilisation), share: row.utilisation };
}

/**
 * @param {HTMLTableElement} table
 * @param {import("../shared/tables.js").Tables} tables
 */
export function showCampaigns(table, tables) {
  const links = table.dataset.link === "yes";
  const forecasts = tables.table("forecasts");
  const foreseen = (row, name) => {
    const told = forecasts.get(name);
    if (!told) return row.mode === "agentless" || row.mode === "preview" ? "" : t("floor.nothing");
    return t("floor.forecast_value", { utilisation: share(told.utilisation), abandonment: share(told.abandonment, 1) });
  };
  const columns = [
    { name: "title", title: t("floor.campaign"), head: true, cell: (row) => row.title,
      node: links ? (name) => Object.assign(document.createElement("a"), { href: `/campaigns/${encodeURIComponent(name)}` }) : undefined },
    { name: "state", title: t("floor.state"), cell: (row) => ({
      text: t(`floor.state_${row.state}`), kind: `tag ${STATES[row.state] ?? ""}`,
      title: row.state === "careful" ? t("floor.careful_words") : row.why ?? "" }) },
    { name: "mode", title: t("floor.mode"), cell: modeOf },
    { name: "lines", title: t("floor.lines"), words: t("floor.lines_words"), kind: "number",
      cell: (row) => t("floor.of_limit", { value: count(row.lines), limit: count(row.lines_most) }) },
    { name: "ringing", title: t("floor.ringing"), kind: "number", cell: (row) => count(row.ringing) },
    { name: "analysing", title: t("floor.analysing"), words: t("floor.analysing_words"), kind: "number roomy",
      cell: (row) => count(row.analysing) },
    { name: "waiting", title: t("floor.waiting"), words: t("floor.waiting_words"), kind: "number",
      cell: (row) => ({ text: count(row.waiting), kind: row.waiting ? "odd" : "" }) },
    { name: "talking", title: t("floor.talking"), kind: "number", cell: (row) => count(row.talking) },
    { name: "pace", title: t("floor.pace"), kind: "number", cell: (row) => rate(row.pace) },
    { name: "abandonment", title: t("floor.abandonment"), words: t("floor.abandonment_words"), kind: "bar", cell: abandoned },
    { name: "utilisation", title: t("floor.utilisation"), words: t("floor.utilisation_words"), kind: "bar", cell: used },
    { name: "forecast", title: t("floor.forecast"), words: t("floor.forecast_words"), kind: "number", cell: foreseen },
    { name: "left", title: t("floor.left"), kind: "number", cell: (row) => count(row.left) },
  ];
  const order = ([one, a], [two, b]) => b.priority - a.priority || a.title.localeCompare(b.title) || one.localeCompare(two);
  const grid = new Grid(table, columns, { order });
  const rows = tables.table("campaigns");
  const empty = document.getElementById("no-campaigns");
  const show = (touched) => {
    grid.show(rows, touched);
    empty.hidden = rows.size > 0;
    table.hidden = rows.size === 0;
  };
  tables.addEventListener("campaigns", (event) => show(event.detail));
  tables.addEventListener("forecasts", (event) => show([...event.detail].filter((name) => rows.has(name))));
  show();
}
