// What is typed is kept on the server whenever typing rests, so that a reload, a crash or a dead session lose nothing.
import { t } from "../shared/words.js";
import { by } from "./dom.js";
import { send, words } from "./server.js";

const REST_MS = 400;
const AGAIN_MS = 3000;

export class Draft {
  #model;
  #typed;
  #call = "";
  #timer = 0;
  #sending = false;
  #dirty = false;

  /** @param {import("./model.js").Model} model @param {() => object} typed what is typed so far */
  constructor(model, typed) {
    this.#model = model;
    this.#typed = typed;
    addEventListener("pagehide", () => this.#dirty && this.#last());
    addEventListener("visibilitychange", () => document.hidden && this.#dirty && this.#save());
  }

  /** @param {string} call */
  begin(call) {
    this.#call = call;
  }

  /** It has been said, or there is no call: nothing is kept any more. */
  stop() {
    clearTimeout(this.#timer);
    this.#call = "";
    this.#dirty = false;
    by("draft-word").textContent = "";
  }

  /** Something was typed. */
  touch() {
    if (!this.#call || !this.#model.steers) return;
    this.#dirty = true;
    by("draft-word").textContent = "";
    this.#soon(REST_MS);
  }

  #soon(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), ms);
  }

  async #save() {
    if (this.#sending) return this.#soon(REST_MS);
    const call = this.#call;
    if (!call) return;
    this.#sending = true;
    this.#dirty = false;
    try {
      await send("/desk/draft", { call, ...this.#typed() }, "PUT");
      if (this.#call === call && !this.#dirty) by("draft-word").textContent = t("desk.kept");
    } catch (no) {
      if (this.#call !== call) return;
      this.#dirty = true;
      by("draft-word").textContent = t("desk.not_kept", { why: words(no) });
      if (no.status !== 409 && no.status !== 400) this.#soon(AGAIN_MS);
    } finally {
      this.#sending = false;
    }
  }

  /** The page goes: one last word, that outlives it. */
  #last() {
    const body = JSON.stringify({ call: this.#call, ...this.#typed() });
    const token = document.querySelector('meta[name="csrf-token"]').content;
    fetch("/desk/draft", {
      method: "PUT", body, keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
    }).catch(() => {});
  }
}
