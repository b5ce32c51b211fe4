// A call-back in the customer's time: both clocks are shown, and the law is asked before it is promised.
import { ask } from "../shared/ask.js";
import { language, t } from "../shared/words.js";
import { by, make, problem, show } from "./dom.js";
import { words } from "./server.js";

const REST_MS = 250;

export class Callback {
  #model;
  #touched;
  #timer = 0;
  #zone = "";
  /** Whether a time is wanted. */
  asked = false;

  /** @param {import("./model.js").Model} model @param {() => void} touched tell that something was typed */
  constructor(model, touched) {
    this.#model = model;
    this.#touched = touched;
    by("callback-at").addEventListener("input", () => this.#soon());
    by("callback-at").addEventListener("change", () => this.#soon());
  }

  /** @param {boolean} so */
  async ask(so) {
    const before = this.asked;
    this.asked = so;
    show(by("callback"), so);
    if (!so || before) return;
    by("callback-both").textContent = "";
    problem(by("callback-problem"), "");
    const call = this.#model.call?.call;
    try {
      const told = await ask(`/desk/callback?call=${encodeURIComponent(call)}`);
      this.#zone = told.zone;
      this.#quick();
      if (by("callback-at").value) this.#check();
    } catch (no) {
      problem(by("callback-problem"), words(no));
    }
  }

  typed() {
    return this.asked ? { at: by("callback-at").value, mine: by("callback-mine").checked } : {};
  }

  fill(typed) {
    by("callback-at").value = typed?.at ?? "";
    by("callback-mine").checked = Boolean(typed?.mine);
    if (this.asked && by("callback-at").value) this.#soon();
  }

  /** Times that are often asked for, by the customer's clock. */
  #quick() {
    const times = [["desk.in_an_hour", this.#wall(60)], ["desk.tomorrow_10", this.#day(1, "10:00")], ["desk.tomorrow_18", this.#day(1, "18:00")]];
    by("callback-quick").replaceChildren(...times.map(([word, at]) => make("button", {
      type: "button",
      onclick: () => { by("callback-at").value = at; this.#touched(); this.#check(); },
    }, t(word))));
  }

  /** What the customer's clock shows in so many minutes, on the next five. */
  #wall(minutes) {
    const step = 300_000;
    return local(Math.ceil((this.#model.now() + minutes * 60_000) / step) * step, this.#zone);
  }

  #day(ahead, time) {
    return `${local(this.#model.now() + ahead * 86_400_000, this.#zone).slice(0, 10)}T${time}`;
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), REST_MS);
  }

  async #check() {
    const at = by("callback-at").value;
    const call = this.#model.call?.call;
    if (!at || !call || !this.asked) return;
    try {
      const told = await ask(`/desk/callback?call=${encodeURIComponent(call)}&at=${encodeURIComponent(at)}`);
      if (by("callback-at").value !== at) return;
      by("callback-both").textContent = t("desk.both_times", {
        theirs: clock(told.at, told.zone), zone: told.zone.replaceAll("_", " "), mine: clock(told.at),
      });
      problem(by("callback-problem"), told.allowed ? "" : told.words);
      if (!told.allowed && told.next) this.#offer(told.next);
    } catch (no) {
      by("callback-both").textContent = "";
      problem(by("callback-problem"), words(no));
    }
  }

  #offer(next) {
    by("callback-problem").append(" ", make("button", {
      type: "button",
      onclick: () => { by("callback-at").value = next; this.#touched(); this.#check(); },
    }, t("desk.next_allowed", { at: next.replace("T", " ") })));
  }
}

const clock = (at, zone) => new Intl.DateTimeFormat(language, {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
}).format(new Date(at));

/** An instant as a zone's wall shows it, for an input. */
function local(ms, zone) {
  return new Intl.DateTimeFormat("sv-SE", {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
  }).format(ms).replace(" ", "T");
}
