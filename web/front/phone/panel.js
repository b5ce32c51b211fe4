/** What an agent sees of their telephone: how it is, microphone and loudspeaker with their levels, an echo. */

import { t } from "../shared/words.js";
import { Speaker } from "./speaker.js";

const ECHO = "echo";
/** The microphone's problems that another try may mend. */
const MENDABLE = new Set(["refused", "absent", "busy"]);

/**
 * Mount it into an element.
 * @param {HTMLElement} place
 * @param {import("./phone.js").Phone} phone
 * @returns {{close(): void}} `close` when it is shown no more
 */
export function mountPanel(place, phone) {
  const panel = new Panel(place, phone);
  return { close: () => panel.close() };
}

/**
 * How a telephone is, in words.
 * @param {import("./phone.js").Phone} phone
 * @returns {string}
 */
export function stateWords(phone) {
  const problem = phone.problem && phone.state === "off";
  return t(problem ? `phone.problem_${phone.problem}` : `phone.state_${phone.state}`);
}

class Panel {
  #phone;
  #parts;
  #off = new AbortController();
  /** Nothing is measured for a panel that nobody sees, and nobody is left with an echo behind a closed dialog. */
  #sight = new IntersectionObserver((seen) => this.#seen(seen.some((each) => each.isIntersecting)));

  constructor(place, phone) {
    this.#phone = phone;
    this.#parts = build();
    place.classList.add("phone-panel");
    place.replaceChildren(...this.#parts.all);
    const hear = (target, kind, act) => target.addEventListener(kind, act, { signal: this.#off.signal });
    hear(phone, "state", () => this.#showState());
    hear(phone, "muted", () => this.#showState());
    hear(phone, "other", ({ detail }) => this.#showEcho(detail));
    hear(phone, "level", ({ detail }) => this.#showLevels(detail));
    hear(phone.devices, "change", () => this.#showDevices());
    hear(this.#parts.again, "click", () => phone.start());
    hear(this.#parts.echo, "click", () => this.#echo());
    for (const kind of ["input", "output"]) {
      hear(this.#parts[kind], "change", (event) => phone.devices.choose(kind, event.target.value));
    }
    this.#sight.observe(place);
    this.#showState();
    this.#showEcho("over");
  }

  close() {
    this.#off.abort();
    this.#sight.disconnect();
    this.#seen(false);
  }

  #seen(so) {
    this.#phone.meter(so);
    if (!so) this.#phone.hangUp();
  }

  #showState() {
    const { state, again, problem, dot } = this.#parts;
    const { state: now, problem: why } = this.#phone;
    dot.dataset.state = now;
    state.textContent = this.#phone.muted && now === "in_call" ? t("phone.muted") : stateWords(this.#phone);
    const microphone = now === "microphone_refused";
    problem.hidden = !microphone && now !== "network_lost" && !why;
    problem.textContent = microphone ? t(`phone.help_${why}`) : now === "network_lost" ? t("phone.help_network") : why && t(`phone.help_${why}`);
    again.hidden = !(microphone && MENDABLE.has(why)) && !(now === "off" && why);
    this.#parts.echo.disabled = !["registered", "in_call"].includes(now);
    this.#showDevices();
  }

  async #showDevices() {
    const there = await this.#phone.devices.list();
    for (const kind of ["input", "output"]) {
      const chosen = this.#phone.devices[kind];
      const options = [{ id: "", name: t("phone.system_choice") }, ...there[kind]].map((each, place) =>
        option(each.id, each.name || t(`phone.unnamed_${kind}`, { number: place })),
      );
      const select = this.#parts[kind];
      select.replaceChildren(...options);
      select.value = there[kind].some((each) => each.id === chosen) ? chosen : "";
    }
    this.#parts.outputRow.hidden = !Speaker.choosable;
  }

  #showLevels({ in: mine, out: theirs }) {
    this.#parts.mine.style.setProperty("--level", mine.toFixed(3));
    this.#parts.theirs.style.setProperty("--level", theirs.toFixed(3));
  }

  #echo() {
    if (this.#parts.echo.dataset.on) this.#phone.hangUp();
    else if (!this.#phone.ring(ECHO)) this.#parts.echoWords.textContent = t("phone.echo_busy");
  }

  #showEcho(how) {
    const on = how !== "over";
    const { echo, echoWords } = this.#parts;
    echo.textContent = t(on ? "phone.echo_stop" : "phone.echo_start");
    if (on) echo.dataset.on = "yes";
    else delete echo.dataset.on;
    echoWords.textContent = how === "up" ? t("phone.echo_on") : on ? t("phone.echo_ringing") : t("phone.echo_help");
  }
}

/** All elements of the panel, nothing in them yet. */
function build() {
  const dot = element("span", { class: "phone-dot", "aria-hidden": "true" });
  const state = element("strong", { role: "status" });
  const problem = element("p", { class: "notice warn", role: "alert", hidden: "" });
  const again = element("button", { type: "button", hidden: "" }, t("phone.again"));
  const mine = meter();
  const theirs = meter();
  const input = element("select", { id: "phone-input" });
  const output = element("select", { id: "phone-output" });
  const outputRow = row("phone-output", t("phone.loudspeaker"), output, theirs);
  const echo = element("button", { type: "button", "aria-describedby": "phone-echo-words" });
  const echoWords = element("p", { class: "help", id: "phone-echo-words", role: "status" });
  const all = [
    element("p", { class: "phone-state" }, dot, state),
    problem,
    again,
    row("phone-input", t("phone.microphone"), input, mine),
    outputRow,
    element("div", { class: "phone-echo" }, echo, echoWords),
  ];
  return { all, dot, state, problem, again, input, output, outputRow, mine, theirs, echo, echoWords };
}

function row(id, title, select, level) {
  return element("div", { class: "field" }, element("label", { for: id }, title), select, level);
}

/** A bar as long as it is loud. It says nothing to a screen reader, which would never stop talking. */
function meter() {
  return element("div", { class: "phone-level", "aria-hidden": "true" });
}

function option(value, text) {
  const made = element("option", {}, text);
  made.value = value;
  return made;
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
