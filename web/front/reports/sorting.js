// A table whose headings sort it: once upwards for words and downwards for numbers, again the other way.
import { t } from "../shared/words.js";

const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;

/** @param {HTMLTableElement} table */
export function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    button.title = head.title;
    head.append(button);
    button.setAttribute("aria-description", head.title);
    head.removeAttribute("title");
    button.addEventListener("click", () => {
      const first = head.classList.contains("number") ? "descending" : "ascending";
      const other = first === "descending" ? "ascending" : "descending";
      const way = head.getAttribute("aria-sort") === first ? other : first;
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", way);
      sort(table.tBodies[0], place, head.classList.contains("number") || place === 0, way === "descending" ? -1 : 1);
      table.dispatchEvent(new CustomEvent("sorted"));
    });
  });
  table.setAttribute("aria-label", t("reports.table"));
}

function sort(body, place, numbers, sign) {
  const key = (row) => row.cells[place].dataset.sort;
  const rows = [...body.rows].map((row) => [key(row), row]);
  rows.sort(([one], [two]) => {
    if (one === "" || two === "") return one === two ? 0 : one === "" ? 1 : -1; // what has no value comes last
    return sign * (numbers ? Number(one) - Number(two) : compare(one, two));
  });
  body.append(...rows.map(([, row]) => row));
}
