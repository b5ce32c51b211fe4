// Every agent as a card: state, since when, with whom, and what may be done.
import { length } from "../shared/figures.js";
import { t } from "../shared/words.js";

const RANK = ["talking", "reserved", "wrap_up", "ready", "paused", "offline"];
const DEEDS = ["listen", "whisper", "barge", "take-over"];
const SORT_SECONDS = 3;
const KEPT = "supervise.filters";

function make(tag, kind = "", text = "") {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = text;
  return made;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export class Agents {
  #list;
  #tables;
  #data;
  #listening;
  #set;
  /** @type {Map<string, any>} */
  #cards = new Map();
  #form = /** @type {HTMLFormElement} */ (document.getElementById("filters"));
  #unsorted = true;
  #sorted = 0;

  /**
   * @param {HTMLElement} list
   * @param {import("../shared/tables.js").Tables} tables
   * @param {Record<string, any>} data
   * @param {import("./listening.js").Listening} listening
   * @param {((name: string, row: Record<string, any>) => void) | null} set
   */
  constructor(list, tables, data, listening, set) {
    this.#list = list;
    this.#tables = tables;
    this.#data = data;
    this.#listening = listening;
    this.#set = set;
    this.#restore();
    tables.addEventListener("agents", (event) => this.#change(event.detail));
    tables.addEventListener("campaigns", () => this.#choices());
    listening.addEventListener("change", () => this.#change(tables.table("agents").keys()));
    this.#form.addEventListener("input", () => this.#filter());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#choices();
    this.#change(tables.table("agents").keys());
    setInterval(() => this.#tick(), 1000);
  }

  #change(names) {
    for (const name of names) {
      const row = this.#tables.table("agents").get(name);
      if (!row) {
        this.#cards.get(name)?.line.remove();
        this.#cards.delete(name);
        continue;
      }
      if (!this.#cards.has(name)) this.#cards.set(name, this.#make(name));
      const card = this.#cards.get(name);
      if (card.row?.state !== row.state) this.#unsorted = true;
      this.#draw(card, name, row);
    }
    this.#filter();
    this.#sort();
  }

  #make(name) {
    const line = make("li");
    const who = make("div", "who");
    const link = make("a");
    const time = make("span", "time");
    const state = make("div", "state");
    const what = make("div", "what");
    const deeds = make("div", "deeds");
    link.href = `/supervise/${encodeURIComponent(name)}`;
    who.append(link, time);
    line.append(who, state, what, deeds);
    const buttons = {};
    if (this.#data.monitor) {
      for (const deed of DEEDS) {
        const button = (buttons[deed] = make("button", "", t(`supervise.${deed}`)));
        button.type = "button";
        button.addEventListener("click", () => this.#listening.do(deed, name));
        deeds.append(button);
      }
    }
    if (this.#set) {
      const button = (buttons.set = make("button", "", t("supervise.set_short")));
      button.type = "button";
      button.addEventListener("click", () => this.#set(name, this.#tables.table("agents").get(name)));
      deeds.append(button);
    }
    return { line, link, time, state, what, buttons, row: null };
  }

  #draw(card, name, row) {
    card.row = row;
    card.line.dataset.state = row.state;
    say(card.link, row.title);
    const reason = row.state === "paused" ? this.#data.pauses[row.reason] ?? row.reason : "";
    say(card.state, [t(`supervise.state_${row.state}`), reason, row.leaving ? t("supervise.leaving") : ""].filter(Boolean).join(" · "));
    const campaign = this.#tables.table("campaigns").get(row.campaign)?.title ?? row.campaign;
    say(card.what, campaign || row.skills.join(", "));
    card.what.title = card.what.textContent;
    const watched = this.#listening.agent === name;
    const talks = row.state === "talking" && name !== this.#data.me;
    card.line.classList.toggle("watched", watched);
    for (const deed of DEEDS) {
      const button = card.buttons[deed];
      if (!button) continue;
      button.hidden = !(talks && (deed === "listen" ? !watched : watched));
      button.setAttribute("aria-label", t("supervise.deed_of", { deed: t(`supervise.${deed}`), title: row.title }));
    }
    if (card.buttons.set) {
      card.buttons.set.hidden = row.state === "offline";
      card.buttons.set.setAttribute("aria-label", t("supervise.set_of", { title: row.title }));
    }
    this.#time(card);
  }

  #time(card) {
    const { since, state, reason } = card.row;
    const seconds = since === null || state === "offline" ? null : this.#tables.now() - since;
    say(card.time, seconds === null ? "" : length(seconds));
    const late = state === "paused" && seconds > (this.#data.longest[reason] ?? Infinity);
    card.time.classList.toggle("late", late);
    if (late) card.time.title = t("supervise.late");
  }

  #tick() {
    if (document.hidden) return;
    for (const card of this.#cards.values()) if (!card.line.hidden) this.#time(card);
    this.#sort();
  }

  #filter() {
    const states = new Set([...this.#form.querySelectorAll('input[name="state"]:checked')].map((each) => each.value));
    const match = this.#form.elements.match.value.trim().toLowerCase();
    const campaign = this.#form.elements.campaign.value;
    const counts = {};
    let shown = 0;
    for (const [name, card] of this.#cards) {
      const row = card.row;
      counts[row.state] = (counts[row.state] ?? 0) + 1;
      const found = !match || [name, row.title, ...row.skills].some((each) => each.toLowerCase().includes(match));
      const hidden = !(states.has(row.state) && found && (!campaign || row.campaign === campaign));
      if (card.line.hidden !== hidden) card.line.hidden = hidden;
      shown += hidden ? 0 : 1;
    }
    for (const box of this.#form.querySelectorAll("[data-count]")) say(box, String(counts[box.dataset.count] ?? 0));
    document.getElementById("no-agents").hidden = shown > 0;
    if (this.#form.elements.order.value !== this.#order) this.#unsorted = true;
    this.#keep([...states]);
  }

  #order = "";

  /** Now and then, and never under somebody's hands. */
  #sort() {
    const now = performance.now() / 1000;
    const order = this.#form.elements.order.value;
    const asked = order !== this.#order;
    const busy = this.#list.contains(document.activeElement) || this.#list.matches(":hover");
    if (!asked && (!(this.#unsorted || order === "time") || busy || now - this.#sorted < SORT_SECONDS)) return;
    const compare = {
      state: (a, b) => RANK.indexOf(a.row.state) - RANK.indexOf(b.row.state) || a.row.title.localeCompare(b.row.title),
      name: (a, b) => a.row.title.localeCompare(b.row.title),
      time: (a, b) => (a.row.since ?? Infinity) - (b.row.since ?? Infinity),
    }[order];
    const wanted = [...this.#cards.values()].sort(compare).map((card) => card.line);
    if (wanted.some((line, place) => this.#list.children[place] !== line)) this.#list.append(...wanted);
    this.#unsorted = false;
    this.#sorted = now;
    this.#order = order;
  }

  #choices() {
    const select = this.#form.elements.campaign;
    const wanted = [...this.#tables.table("campaigns")].map(([name, row]) => [name, row.title]);
    if (wanted.length === select.length - 1 && wanted.every(([name], place) => select.options[place + 1].value === name)) return;
    const chosen = select.value;
    select.replaceChildren(select.options[0], ...wanted.map(([name, title]) => new Option(title, name, false, name === chosen)));
  }

  #keep(states) {
    localStorage.setItem(KEPT, JSON.stringify({ states, order: this.#form.elements.order.value }));
  }

  #restore() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
      if (!kept) return;
      for (const box of this.#form.querySelectorAll('input[name="state"]')) box.checked = kept.states.includes(box.value);
      if (kept.order) this.#form.elements.order.value = kept.order;
    } catch {
      localStorage.removeItem(KEPT);
    }
  }
}
