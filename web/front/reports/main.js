// Reports: the table sorted, the main column drawn, schedules made and changed.
import { localTimes } from "../shared/times.js";
import { draw } from "./chart.js";
import { keepSchedules } from "./schedules.js";
import { sortable } from "./sorting.js";

const at = (id) => document.getElementById(id);

const carried = at("reports-data")?.textContent;
const drawn = carried ? JSON.parse(carried) : null;
if (at("rows")) sortable(/** @type {HTMLTableElement} */ (at("rows")));
if (drawn && drawn.at.length) draw(drawn);
if (at("new-schedule")) keepSchedules(/** @type {HTMLFormElement} */ (at("new-schedule")));
if (at("print")) {
  at("print").hidden = false;
  at("print").addEventListener("click", () => print());
}
if (at("choose")) {
  const form = /** @type {HTMLFormElement} */ (at("choose"));
  at("report").addEventListener("change", () => {
    // another report has other names to choose from
    at("only").value = "";
    form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    // a named range and a time of one's own exclude each other
    const own = at("range").value === "";
    for (const each of [at("from"), at("to")]) each.disabled = !own;
  });
}
localTimes(document);
