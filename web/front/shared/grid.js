// A table whose cells are written only when they change.

/**
 * @typedef {{text: string, kind?: string, share?: number | null, title?: string}} Cell what a cell says, how it is
 *   coloured, and how full its bar is
 * @typedef {{name: string, title: string, words?: string, kind?: string, head?: boolean,
 *   cell: (row: Record<string, any>, name: string) => Cell | string, node?: (name: string) => Node}} Column
 */

let numbers = 0;

export class Grid {
  /** @type {Map<string, {line: HTMLTableRowElement, cells: HTMLElement[], said: string[]}>} */
  #lines = new Map();

  /**
   * @param {HTMLTableElement} table
   * @param {Column[]} columns
   * @param {{order?: (a: [string, any], b: [string, any]) => number}} [how]
   */
  constructor(table, columns, how = {}) {
    this.table = table;
    this.columns = columns;
    this.order = how.order ?? (([a], [b]) => a.localeCompare(b));
    const line = table.createTHead().insertRow();
    for (const column of columns) line.append(heading(column));
    this.body = table.createTBody();
  }

  /**
   * @param {Map<string, Record<string, any>>} rows all of them
   * @param {Iterable<string>} [touched] those that may have changed; all when left out
   */
  show(rows, touched = rows.keys()) {
    let moved = false;
    for (const name of new Set(touched)) {
      const row = rows.get(name);
      if (row === undefined) {
        this.#lines.get(name)?.line.remove();
        this.#lines.delete(name);
        continue;
      }
      const known = this.#lines.has(name);
      const line = known ? this.#lines.get(name) : this.#line(name);
      moved ||= !known;
      this.columns.forEach((column, place) => write(line, place, column.cell(row, name)));
    }
    if (moved) this.#sort(rows);
  }

  /** @param {string} name @returns {HTMLTableRowElement | undefined} */
  line(name) {
    return this.#lines.get(name)?.line;
  }

  #line(name) {
    const line = document.createElement("tr");
    line.dataset.name = name;
    const cells = this.columns.map((column) => {
      const cell = document.createElement(column.head ? "th" : "td");
      if (column.head) cell.scope = "row";
      cell.className = column.kind ?? "";
      line.append(cell);
      const inner = column.node ? column.node(name) : document.createElement("span");
      cell.append(inner);
      return inner;
    });
    const made = { line, cells, said: [] };
    this.#lines.set(name, made);
    return made;
  }

  #sort(rows) {
    const names = [...rows].sort(this.order).map(([name]) => name);
    for (const name of names) {
      const line = this.#lines.get(name)?.line;
      if (line) this.body.append(line);
    }
  }
}

function write(line, place, told) {
  const cell = typeof told === "string" ? { text: told } : told;
  const said = `${cell.text}|${cell.kind ?? ""}|${cell.share ?? ""}|${cell.title ?? ""}`;
  if (line.said[place] === said) return;
  line.said[place] = said;
  const box = line.cells[place];
  if (box.textContent !== cell.text) box.textContent = cell.text;
  box.className = cell.kind ?? "";
  if (cell.title) box.title = cell.title;
  else box.removeAttribute("title");
  if ("share" in cell) {
    box.classList.add("meter");
    box.style.setProperty("--share", String(Math.min(1, Math.max(0, cell.share ?? 0))));
  }
}

function heading(column) {
  const cell = document.createElement("th");
  cell.scope = "col";
  cell.className = column.kind ?? "";
  if (!column.words) {
    cell.textContent = column.title;
    return cell;
  }
  cell.append(defined(column.title, column.words));
  return cell;
}

/**
 * A word that says what it means when it is pointed at or focused.
 * @param {string} title
 * @param {string} words
 * @param {string} [formula]
 */
export function defined(title, words, formula = "") {
  const button = document.createElement("button");
  const tip = document.createElement("span");
  button.type = "button";
  button.className = "define";
  button.textContent = title;
  tip.id = `tip-${++numbers}`;
  tip.className = "tip";
  tip.setAttribute("role", "tooltip");
  tip.popover = "manual";
  const said = document.createElement("span");
  said.textContent = words;
  tip.append(said);
  if (formula) {
    const sum = document.createElement("code");
    sum.textContent = formula;
    tip.append(sum);
  }
  button.setAttribute("aria-describedby", tip.id);
  const show = () => {
    if (!tip.matches(":popover-open")) tip.showPopover();
    const place = button.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(place.left, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${place.bottom + 6 + tip.offsetHeight < innerHeight ? place.bottom + 6 : place.top - tip.offsetHeight - 6}px`;
  };
  const hide = () => tip.matches(":popover-open") && tip.hidePopover();
  button.addEventListener("mouseenter", show);
  button.addEventListener("focus", show);
  button.addEventListener("click", show);
  button.addEventListener("mouseleave", () => document.activeElement !== button && hide());
  button.addEventListener("blur", hide);
  button.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  const both = document.createElement("span");
  both.append(button, tip);
  return both;
}
