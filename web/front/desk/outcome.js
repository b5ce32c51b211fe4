// What the talk came to: one key a word, what the word asks for, notes; kept as typed, said once.
import { tell } from "../shared/tell.js";
import { t } from "../shared/words.js";
import { by, make, problem, show } from "./dom.js";
import { Draft } from "./draft.js";
import { Callback } from "./callback.js";
import { send, words } from "./server.js";

/** As the server has it; the server is asked all the same. */
const NOTES_MOST = 4000;
/** How long a word that was pressed in the wrap-up may be taken back. */
const UNDO_MS = 2500;

/** @param {import("./model.js").Model} model */
export class Outcome {
  #model;
  #call = "";
  #words = [];
  #draft;
  #callback;
  #pending = 0;
  #saying = false;

  constructor(model) {
    this.#model = model;
    this.#draft = new Draft(model, () => this.typed());
    this.#callback = new Callback(model, () => this.#draft.touch());
    model.addEventListener("card", () => this.#begin());
    model.addEventListener("call", () => model.call || this.#clear());
    model.addEventListener("tab", () => this.#free());
    by("outcome").addEventListener("input", () => this.#changed());
    by("outcome").addEventListener("submit", (event) => { event.preventDefault(); this.say(true); });
    by("do-say-stay").addEventListener("click", () => this.say(false));
    by("do-undo").addEventListener("click", () => this.undo());
    document.addEventListener("script-over", ({ detail }) => this.#propose(detail));
  }

  /** All that is typed so far. */
  typed() {
    return {
      disposition: this.chosen?.name ?? "",
      notes: by("notes").value,
      fields: Object.fromEntries([...by("fields").querySelectorAll("input")].map((each) => [each.name, each.value])),
      callback: this.#callback.typed(),
      opt_out: [...by("opt-out").querySelectorAll("input:checked")].map((each) => each.value),
    };
  }

  /** The word that is chosen. @returns {any} */
  get chosen() {
    const name = by("words-list").querySelector("input:checked")?.value;
    return this.#words.find((each) => each.name === name);
  }

  /** A key was pressed. @param {string} key @returns {boolean} whether it is a word's */
  press(key) {
    const word = this.#model.call && this.#words.find((each) => each.key === key);
    if (!word || !this.#model.steers) return false;
    this.#choose(word.name);
    const first = by("fields").querySelector("input") ?? (this.#callback.asked ? by("callback-at") : null);
    if (first) first.focus();
    else if (this.#model.presence.state === "wrap_up") this.#soon(word);
    else by("words-list").querySelector("input:checked").focus();
    return true;
  }

  /** Say it. @param {boolean} ready whether the wrap-up is over with it */
  async say(ready) {
    this.undo();
    if (this.#saying || !this.#call) return;
    const word = this.chosen;
    if (!word) {
      problem(by("outcome-problem"), t("desk.choose_word"));
      by("words-list").querySelector("input")?.focus();
      return;
    }
    this.#saying = true;
    this.#free();
    problem(by("outcome-problem"), "");
    const call = this.#call;
    try {
      await send("/desk/outcome", { call, ready, ...this.typed() });
      tell(t("desk.was_said", { word: wordTitle(word) }));
      if (this.#call === call) this.#draft.stop(); // by now another call's may be kept
      if (this.#model.call?.call === call) {
        this.#model.call.said = true;
        this.#locked(true);
        this.#model.said();
      }
    } catch (no) {
      if (this.#call === call) this.#refused(no);
      else tell(words(no), { bad: true });
    } finally {
      this.#saying = false;
      this.#free();
    }
  }

  /** Take back a word that is about to be said. @returns {boolean} whether there was one */
  undo() {
    const was = this.#pending;
    clearTimeout(was);
    this.#pending = 0;
    show(by("undo"), false);
    return Boolean(was);
  }

  // Inside.

  #begin() {
    const { call, hand, said } = this.#model.call;
    this.#words = hand.dispositions;
    if (call !== this.#call) {
      this.#clear();
      this.#call = call;
      this.#drawWords();
      this.#fill(hand.typed);
    }
    this.#draft.begin(call);
    this.#locked(said);
    if (hand.said) this.#choose(hand.said, true);
    this.#changed(false);
  }

  #clear() {
    this.undo();
    this.#call = "";
    by("outcome").reset();
    by("words-list").replaceChildren();
    by("fields").replaceChildren();
    this.#callback.ask(false);
    this.#draft.stop();
    problem(by("outcome-problem"), "");
    this.#locked(false);
  }

  #drawWords() {
    by("words-list").replaceChildren(...this.#words.map((word) => make(
      "label", { class: "word" },
      make("input", { type: "radio", name: "disposition", value: word.name, onchange: () => this.#chose() }),
      make("span", {}, wordTitle(word)),
      ...(word.key ? [make("kbd", { "aria-hidden": "true" }, word.key)] : []),
    )));
  }

  #fill(typed) {
    by("notes").value = typed.notes ?? "";
    if (typed.disposition) this.#choose(typed.disposition, true);
    for (const input of by("fields").querySelectorAll("input")) input.value = typed.fields?.[input.name] ?? "";
    this.#callback.fill(typed.callback);
    for (const box of by("opt-out").querySelectorAll("input")) box.checked = Boolean(typed.opt_out?.includes(box.value));
  }

  /** The script has ended so: where a word says the same it is chosen, and the agent only confirms it. */
  #propose(name) {
    if (!this.chosen && this.#model.steers && !this.#model.call?.said) this.#choose(name);
  }

  #choose(name, quietly = false) {
    const input = by("words-list").querySelector(`input[value="${CSS.escape(name)}"]`);
    if (!input) return;
    input.checked = true;
    this.#chose(quietly);
  }

  #chose(quietly = false) {
    this.undo();
    const word = this.chosen;
    const before = this.typed().fields;
    by("fields").replaceChildren(...(word?.fields ?? []).map((name) => make(
      "div", { class: "field" },
      make("label", { htmlFor: `field-${name}` }, fieldTitle(name)),
      make("input", { id: `field-${name}`, name, value: before[name] ?? "", maxLength: 500, required: true, autocomplete: "off" }),
    )));
    this.#callback.ask(word?.then === "call_back");
    problem(by("outcome-problem"), "");
    if (!quietly) this.#draft.touch();
  }

  #changed(typed = true) {
    const length = by("notes").value.length;
    const over = length - NOTES_MOST;
    const count = by("notes-count");
    count.textContent = over > 0 ? t("desk.too_long", { count: over }) : length > NOTES_MOST * 0.8 ? `${length} / ${NOTES_MOST}` : "";
    count.classList.toggle("bad", over > 0);
    by("notes").setAttribute("aria-invalid", String(over > 0));
    if (typed) {
      this.undo();
      this.#draft.touch();
    }
  }

  /** In the wrap-up a key says its word by itself, unless it is taken back. */
  #soon(word) {
    by("undo-word").textContent = t("desk.saying", { word: wordTitle(word) });
    show(by("undo"), true);
    this.#pending = setTimeout(() => this.say(true), UNDO_MS);
  }

  #refused(no) {
    problem(by("outcome-problem"), words(no));
    const place = no.field === "notes" ? by("notes") : no.field === "callback_at" ? by("callback-at") : by(`field-${no.field}`);
    (place ?? by("outcome-problem")).focus?.();
  }

  #locked(so) {
    by("outcome").classList.toggle("said", so);
    this.#free();
  }

  #free() {
    const said = by("outcome").classList.contains("said");
    for (const each of by("outcome").elements) {
      if (each.tagName !== "FIELDSET") each.disabled = !this.#model.steers || said || (this.#saying && each.type === "submit");
    }
  }
}

function wordTitle(word) {
  const key = `desk.word_${word.name}`;
  const known = t(key);
  return known === key ? word.title : known;
}

function fieldTitle(name) {
  const key = `desk.field_${name}`;
  const known = t(key);
  return known === key ? name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase()) : known;
}
