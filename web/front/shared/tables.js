// What the server tells of its tables: everything once, then what changed. Views hear only of what did.
import { Socket } from "./socket.js";

/**
 * @typedef {Record<string, any>} Row
 * @typedef {{put?: Record<string, Row>, gone?: string[]}} Change
 */

/** Events: one named as each table that changed, its `detail` the set of row names; `tick` after each word; `link`. */
export class Tables extends EventTarget {
  /** @type {Record<string, Map<string, Row>>} */
  tables = {};
  /** Whether the voice core is not heard. */
  away = false;
  /** Whether the server is not heard: "" when it is, else "offline" or "refused". */
  lost = "";
  /** The server's clock less ours, in milliseconds. */
  #skew = 0;

  /**
   * @param {string} path of the socket
   * @param {Record<string, any>} [first] a first word, as the page carries it
   */
  constructor(path, first) {
    super();
    if (first) this.hear(first);
    const socket = new Socket(path);
    socket.addEventListener("message", (event) => {
      this.#link("");
      this.hear(event.detail);
    });
    socket.addEventListener("away", () => this.#link("offline"));
    socket.addEventListener("refused", () => this.#link("refused"));
  }

  /**
   * @param {string} name
   * @returns {Map<string, Row>}
   */
  table(name) {
    return (this.tables[name] ??= new Map());
  }

  /** The server's time in seconds. */
  now() {
    return (Date.now() + this.#skew) / 1000;
  }

  /** @param {Record<string, any>} word */
  hear(word) {
    this.#skew = word.at * 1000 - Date.now();
    this.away = Boolean(word.away);
    if (word.whole) this.#replace(word.tables);
    else for (const [name, change] of Object.entries(word.tables)) this.#merge(name, change);
    this.dispatchEvent(new Event("tick"));
  }

  /** @param {string} name @param {Change} change */
  #merge(name, change) {
    const table = this.table(name);
    const touched = new Set(change.gone ?? []);
    for (const row of touched) table.delete(row);
    for (const [row, fields] of Object.entries(change.put ?? {})) {
      table.set(row, { ...table.get(row), ...fields });
      touched.add(row);
    }
    this.dispatchEvent(new CustomEvent(name, { detail: touched }));
  }

  #replace(tables) {
    for (const name of new Set([...Object.keys(this.tables), ...Object.keys(tables)])) {
      const put = tables[name]?.put ?? {};
      const gone = [...this.table(name).keys()].filter((row) => !(row in put));
      this.#merge(name, { put, gone });
    }
  }

  #link(lost) {
    if (this.lost === lost) return;
    this.lost = lost;
    this.dispatchEvent(new Event("link"));
  }
}

/** @param {string} id of the element that carries the page's first word */
export function carried(id) {
  const text = document.getElementById(id)?.textContent;
  return text ? JSON.parse(text) : undefined;
}
