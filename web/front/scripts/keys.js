// A page of a script by keyboard: number keys choose answers, or a grade on a scale; Ctrl+Enter goes on.
// It listens before the desk does, and only while the focus is in the script.
import { RUN } from "./page.js";

const PAUSE = 700;
let digits = "";
let timer = 0;

/** @param {Element} field the fieldset of a scale */
function grade(field, digit) {
  const choose = (value) => {
    const option = [...field.querySelectorAll('input[type="radio"]')].find((each) => each.value === value);
    if (!option) return false;
    option.checked = true;
    option.focus();
    option.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  clearTimeout(timer);
  timer = setTimeout(() => (digits = ""), PAUSE);
  digits += digit;
  return choose(digits) || choose((digits = digit));
}

/** The scale of a page that asks for nothing else by number: its keys are marks wherever the focus is. */
function onlyScale(run) {
  const scales = run.querySelectorAll('[data-kind="scale"]');
  return scales.length === 1 && !run.querySelector("[data-key]") ? scales[0] : null;
}

const isText = (target) =>
  target.matches("textarea, select, [contenteditable]") ||
  (target.matches("input") && !["radio", "checkbox", "button"].includes(target.type));

export function wireKeys() {
  document.addEventListener("keydown", (event) => {
    const run = event.target instanceof Element ? event.target.closest(RUN) ?? event.target.querySelector?.(RUN) : null;
    if (!run || document.querySelector("dialog[open]")) return;
    const within = run.contains(event.target) || event.target.contains(run) && event.target !== document.body;
    if (!within) return;
    const press = (button) => {
      if (!button || button.disabled) return;
      event.preventDefault();
      event.stopPropagation();
      button.click();
    };
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (run.dataset.outcome) return; // the script is over: the desk says what the talk came to
      press(run.querySelector('[data-how="next"]'));
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    const digit = event.altKey && event.code.startsWith("Digit") ? event.code.slice(5) : event.key;
    if (!/^[0-9]$/.test(digit) || (!event.altKey && isText(event.target))) return;
    const answer = run.querySelector(`[data-key="${digit}"]`);
    if (event.altKey && !answer) return; // a word of the desk's
    const scale = event.altKey ? null : event.target.closest('[data-kind="scale"]') ?? onlyScale(run);
    event.stopPropagation();
    if (scale && grade(scale, digit)) {
      event.preventDefault();
      return;
    }
    press(answer);
  }, true);
}
