// The page on which a script is written: check while typing, draft, publish; beside it trial, drawing, versions.
import { ask } from "../shared/ask.js";
import { tell } from "../shared/tell.js";
import { t } from "../shared/words.js";
import { Lines } from "./lines.js";
import { wireTabs } from "./tabs.js";
import { Trial } from "./trial.js";
import { wireVersions } from "./versions.js";

const PAUSE = 400;
const by = (id) => document.getElementById(id);

export class Editor {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.name = root.dataset.name;
    this.base = root.dataset.base;
    this.saved = by("text").value;
    this.lines = new Lines(by("text"), by("lines"), by("text-help"));
    this.trial = new Trial(this);
    this.asked = 0;
    this.mark();
    wireTabs(root.querySelector('[role="tablist"]'), (tab) => this.shown(tab));
    wireVersions(this);
    this.wire();
    this.trial.begin();
  }

  get text() {
    return by("text").value;
  }

  get path() {
    return `/scripts/edit/${this.name}`;
  }

  get changed() {
    return this.text !== this.saved;
  }

  wire() {
    by("text").addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.check(), PAUSE);
    });
    by("problems").addEventListener("click", (event) => {
      const place = event.target.closest("[data-line]");
      if (place) this.lines.go(Number(place.dataset.line), Number(place.dataset.column));
    });
    by("save").addEventListener("click", () => this.save());
    by("discard").addEventListener("click", () => this.discard());
    by("publish").addEventListener("click", () => by("publish-dialog").showModal());
    by("publish-dialog").addEventListener("close", () => {
      if (by("publish-dialog").returnValue === "publish") this.publish(by("publish-note").value);
      by("publish-dialog").returnValue = "";
    });
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.save();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.changed) event.preventDefault();
    });
  }

  /** Prove the text; only the answer to the latest question counts. */
  async check() {
    const mine = ++this.asked;
    try {
      const html = await ask("/scripts/check", { json: { name: this.name, text: this.text }, headers: { Accept: "text/html", "HX-Request": "true" } });
      if (mine !== this.asked) return;
      by("problems").innerHTML = html;
      this.mark();
      await this.trial.follow();
      this.shown(this.tab);
    } catch (problem) {
      tell(problem.message, { bad: true });
    }
  }

  mark() {
    const told = [...by("problems").querySelectorAll("[data-line]")];
    this.lines.mark(told.map((each) => [Number(each.dataset.line), each.dataset.severity]));
    const errors = Number(by("problems").querySelector("[data-errors]").dataset.errors);
    by("publish").disabled = errors > 0;
  }

  /** @param {string} tab whose panel is open now */
  async shown(tab) {
    this.tab = tab;
    if (tab !== "drawing") return;
    const { svg } = await ask("/scripts/draw", { json: { name: this.name, text: this.text } }).catch(() => ({}));
    if (svg) by("drawing").innerHTML = svg;
  }

  async save() {
    try {
      const text = this.text;
      const { base } = await ask(`${this.path}/draft`, { method: "PUT", json: { text, base: this.base } });
      [this.base, this.saved] = [base, text];
      by("is-draft").hidden = false;
      by("discard").hidden = !document.querySelector("[data-compare]");
      tell(t("scripts.saved"));
    } catch (problem) {
      this.refused(problem);
    }
  }

  async discard() {
    await ask(`${this.path}/draft`, { method: "DELETE" });
    this.saved = this.text;
    location.reload();
  }

  async publish(note) {
    try {
      const { changed } = await ask(`${this.path}/publish`, { json: { text: this.text, base: this.base, note } });
      this.saved = this.text;
      sessionStorage.setItem("scripts.told", t(changed ? "scripts.publish_done" : "scripts.publish_same"));
      location.reload();
    } catch (problem) {
      this.refused(problem);
    }
  }

  refused(problem) {
    if (problem.id === "flow-problems") this.check();
    const words = { "flow-problems": "scripts.refused", "script-changed": "scripts.changed_meanwhile" }[problem.id];
    tell(words ? t(words) : problem.message, { bad: true });
  }
}

const told = sessionStorage.getItem("scripts.told");
if (told) {
  sessionStorage.removeItem("scripts.told");
  tell(told);
}
