// Queues with their figures, each by its exact definition, which its heading tells.
import { count, length, share } from "../shared/figures.js";
import { Grid, defined } from "../shared/grid.js";
import { t } from "../shared/words.js";

const SHOWN = ["service_level", "service_level_genesys", "asa", "abandon_rate", "aht"];

/**
 * @param {HTMLTableElement} table
 * @param {import("../shared/tables.js").Tables} tables
 * @param {{name: string, unit: string, title: string, words: string, formula: string}[]} definitions
 */
export function showQueues(table, tables, definitions) {
  const columns = [
    { name: "title", title: t("floor.queue"), head: true, cell: (row, name) => ({ text: row.title || name, kind: row.open === false ? "quiet" : "", title: row.open === false ? t("floor.queue_closed") : "" }) },
    { name: "waiting", title: t("floor.waiting"), kind: "number", cell: (row) => ({ text: count(row.waiting), kind: row.waiting ? "odd" : "" }) },
    { name: "longest_wait", title: t("floor.longest_wait"), kind: "number", cell: (row) => (row.waiting ? length(row.longest_wait) : "–") },
    { name: "call_backs", title: t("floor.call_backs"), words: t("floor.call_backs_words"), kind: "number", cell: (row) => count(row.call_backs) },
    { name: "ready", title: t("floor.agents_ready"), kind: "number", cell: (row) => t("floor.of_limit", { value: count(row.ready), limit: count(row.agents) }) },
    ...definitions.filter((each) => SHOWN.includes(each.name)).map((each) => ({
      name: each.name, title: each.title, kind: "number", words: each.words,
      cell: (row) => {
        const value = row.today?.[each.name] ?? row[each.name];
        return each.unit === "percent" ? share(value, 1) : length(value);
      },
    })),
  ];
  const grid = new Grid(table, columns);
  for (const each of definitions) {
    const place = columns.findIndex((column) => column.name === each.name);
    if (place >= 0) table.tHead.rows[0].cells[place].replaceChildren(defined(each.title, each.words, each.formula));
  }
  const rows = tables.table("queues");
  const empty = document.getElementById("no-queues");
  const show = (touched) => {
    grid.show(rows, touched);
    empty.hidden = rows.size > 0;
    table.hidden = rows.size === 0;
  };
  tables.addEventListener("queues", (event) => show(event.detail));
  show();
}
