/** The visitor's telephone on the front page of a demo: ring the service number, press keys, be called back. */

import { ask } from "../shared/ask.js";
import { t } from "../shared/words.js";
import { Phone } from "../phone/phone.js";

const NOBODY = () => false;

class VisitorPhone {
  #box;
  #phone = null;
  #number = "";
  #incoming = null;
  #renewing = 0;
  /** A call that was asked for before the telephone was ready. */
  #wanted = false;

  constructor(box) {
    this.#box = box;
    this.#on("ring", () => this.#ring());
    this.#on("answer", () => this.#incoming?.accept());
    this.#on("hang-up", () => (this.#incoming ? this.#decline() : this.#phone?.hangUp()));
    this.#part("keys").addEventListener("click", ({ target }) => this.#press(target.dataset.key));
    addEventListener("keydown", (event) => this.#typed(event));
    addEventListener("pagehide", () => this.#phone && navigator.sendBeacon("/visitor/phone/left"));
    box.hidden = false;
  }

  async #ring() {
    this.#problem("");
    this.#wanted = true;
    if (!this.#phone && !(await this.#begin())) return;
    if (["registered", "in_call"].includes(this.#phone.state)) this.#dial();
    else if (this.#phone.state === "microphone_refused") await this.#phone.start();
  }

  #dial() {
    if (!this.#wanted) return;
    this.#wanted = false;
    this.#phone.ring(this.#box.dataset.service);
  }

  async #begin() {
    const account = await this.#lease();
    if (!account) return false;
    this.#number = account.number;
    const phone = new Phone({ ...account, answers: NOBODY, rings: true });
    this.#phone = phone;
    phone.addEventListener("state", () => this.#changed());
    phone.addEventListener("other", ({ detail }) => this.#call(detail));
    phone.addEventListener("incoming", ({ detail }) => this.#rung(detail));
    this.#renewing = setInterval(() => this.#lease(), (account.seconds * 1000) / 2);
    await phone.start();
    return true;
  }

  /** A telephone of the town's, for as long as this page is open; null with words of why there is none. */
  async #lease() {
    try {
      return await ask("/visitor/phone", { method: "POST", signIn: false });
    } catch (problem) {
      const words = { "phones-taken": "visitor_taken", "too-often": "visitor_often" }[problem.id];
      this.#problem(t(`phone.${words ?? "visitor_away"}`));
      return null;
    }
  }

  #changed() {
    const { state, problem } = this.#phone;
    if (state === "registered") this.#problem("");
    if (state === "registered" && this.#wanted) this.#dial();
    else if (state === "registered") this.#say(t("phone.visitor_idle", { number: this.#number }));
    else if (state === "microphone_refused") this.#problem(t(`phone.help_${problem}`));
    else if (state === "network_lost" || state === "off") this.#problem(t("phone.visitor_away"));
    else if (state === "connecting") this.#say(t("phone.state_connecting"));
  }

  #rung(call) {
    this.#incoming = call;
    this.#say(t("phone.visitor_incoming", { caller: call.caller.name || call.caller.user }));
    this.#show({ answer: true, hangUp: true });
    this.#part("hang-up").textContent = t("phone.visitor_decline");
    this.#part("answer").focus();
  }

  #decline() {
    this.#incoming.decline();
    this.#incoming = null;
  }

  #call(how) {
    if (how === "ringing" && !this.#incoming) {
      this.#say(t("phone.visitor_ringing"));
      this.#show({ hangUp: true });
    } else if (how === "up") {
      this.#incoming = null;
      this.#say(t("phone.visitor_talking"));
      this.#show({ hangUp: true, keys: true });
    } else if (how === "over") {
      this.#incoming = null;
      this.#say(t("phone.visitor_idle", { number: this.#number }));
      this.#show({ ring: true });
      this.#part("ring").focus();
    }
  }

  #show({ ring = false, answer = false, hangUp = false, keys = false }) {
    this.#part("ring").hidden = !ring;
    this.#part("answer").hidden = !answer;
    this.#part("hang-up").hidden = !hangUp;
    this.#part("hang-up").textContent = t("phone.visitor_hang_up");
    this.#part("keys").hidden = this.#part("keys").disabled = !keys;
  }

  #press(key) {
    if (key) this.#phone?.press(key);
  }

  #typed({ key, target }) {
    if (this.#part("keys").disabled || target.matches("input, select, textarea") || !/^[0-9*#]$/.test(key)) return;
    this.#press(key);
    const button = this.#part("keys").querySelector(`[data-key="${key}"]`);
    button?.focus();
  }

  #say(words) {
    this.#part("words").textContent = words;
  }

  #problem(words) {
    const place = this.#part("problem");
    place.textContent = words;
    place.hidden = !words;
  }

  #part(name) {
    return document.getElementById(`visitor-${name}`);
  }

  #on(name, act) {
    this.#part(name).addEventListener("click", act);
  }
}

const box = document.getElementById("visitor-phone");
if (box) new VisitorPhone(box);
