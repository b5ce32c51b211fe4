// The agent's telephone: the one in this browser, or one on the table of which the page knows nothing.
import { ask } from "../shared/ask.js";
import { by, problem, show } from "./dom.js";
import { presence, words } from "./server.js";

const KEPT = "desk.phone";

/** Events: `change`. */
export class Line extends EventTarget {
  /** @type {any} */
  #phone = null;
  #model;
  #starting = false;
  /** @type {(phone: any) => string} */
  #words = () => "";

  /** @param {import("./model.js").Model} model */
  constructor(model) {
    super();
    this.#model = model;
    const kept = localStorage.getItem(KEPT);
    if (kept) document.querySelector(`input[name="phone"][value="${CSS.escape(kept)}"]`)?.click();
    by("do-start").addEventListener("click", () => this.#start());
    by("phone-open").addEventListener("click", () => by("phone").showModal());
    model.addEventListener("presence", () => this.#follow());
    model.addEventListener("tab", () => this.#follow());
  }

  /** Whether the telephone is in this page. */
  get mine() {
    return this.#phone !== null && this.#phone.state !== "off";
  }

  get muted() {
    return Boolean(this.#phone?.muted);
  }

  /** @param {boolean} on */
  mute(on) {
    this.#phone?.mute(on);
    this.dispatchEvent(new Event("change"));
  }

  /** @param {string} digit */
  press(digit) {
    this.#phone?.press(digit);
  }

  async #start() {
    const kind = document.querySelector('input[name="phone"]:checked').value;
    localStorage.setItem(KEPT, kind);
    problem(by("start-problem"), "");
    by("do-start").disabled = true;
    try {
      if (kind === "browser") await this.#register();
      await presence("sign-in");
    } catch (no) {
      problem(by("start-problem"), words(no));
    } finally {
      by("do-start").disabled = false;
    }
  }

  /** After a reload in mid-shift the telephone is there again by itself; in a tab that only looks on it is not. */
  #follow() {
    const at = this.#model.presence;
    const onShift = at && (at.state !== "offline" || (at.since && at.reason !== "sign_out"));
    if (!this.#model.steers || (at && !onShift && !this.#starting)) {
      this.#phone?.stop(this.#model.steers ? "" : "elsewhere"); // elsewhere the talk goes on
      return;
    }
    if (onShift && !this.mine && localStorage.getItem(KEPT) === "browser") {
      this.#register().catch((no) => problem(by("away"), words(no)));
    }
  }

  async #register() {
    if (this.#starting) return;
    this.#starting = true;
    try {
      if (!this.#phone) await this.#open();
      await this.#phone.start();
      await this.#settled();
    } finally {
      this.#starting = false;
    }
  }

  async #open() {
    // fetched only by who uses it: it is larger than the rest of the page
    const [{ Phone }, { mountPanel, stateWords }] = await Promise.all([import("../phone/phone.js"), import("../phone/panel.js")]);
    this.#words = stateWords;
    this.#phone = new Phone(await ask("/desk/phone"));
    this.#phone.addEventListener("state", () => this.#draw());
    this.#phone.addEventListener("muted", () => this.dispatchEvent(new Event("change")));
    mountPanel(by("phone-panel"), this.#phone);
    this.#draw();
  }

  /** Wait until it can be rung. Throws what stands in the way. */
  #settled() {
    const phone = this.#phone;
    return new Promise((resolve, reject) => {
      const look = () => {
        if (["registered", "in_call"].includes(phone.state)) resolve();
        else if (["off", "microphone_refused"].includes(phone.state)) reject(this.#words(phone));
        else return;
        phone.removeEventListener("state", look);
      };
      phone.addEventListener("state", look);
      look();
    });
  }

  #draw() {
    show(by("phone-open"), true);
    by("phone-open").dataset.state = this.#phone.state;
    by("phone-word").textContent = this.#words(this.#phone);
    this.dispatchEvent(new Event("change"));
  }
}
