// Everything by one key, while nobody is typing; listed under `?`, and switched off there by who would rather not.
import { t } from "../shared/words.js";
import { by, make, typing } from "./dom.js";

const KEPT = "desk.keys";

/**
 * @param {object} does what each key does
 * @param {Record<string, () => unknown>} does.keys
 * @param {(digit: string) => boolean} does.word a disposition's key
 * @param {() => boolean} does.back Escape
 * @param {() => void} does.say Ctrl+Enter
 */
export function wireKeys({ keys, word, back, say }) {
  const on = by("keys-on");
  on.checked = localStorage.getItem(KEPT) !== "off";
  on.addEventListener("change", () => localStorage.setItem(KEPT, on.checked ? "on" : "off"));
  by("do-keys").addEventListener("click", () => by("keys").showModal());
  drawList();
  let digits = "";
  let timer = 0;

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && back()) return event.preventDefault();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return say();
    }
    if (event.ctrlKey || event.metaKey) return;
    // with Alt a key works while typing too, and when single keys are switched off
    if (!event.altKey && (!on.checked || typing(event.target))) return;
    const key = event.altKey && event.code.startsWith("Digit") ? event.code.slice(5) : event.key;
    if (/^[0-9]$/.test(key)) {
      digits += key;
      clearTimeout(timer);
      timer = setTimeout(() => (digits = ""), 600);
      if (word(digits) || (digits.length > 1 && word((digits = key)))) event.preventDefault();
      return;
    }
    const deed = keys[event.shiftKey && key !== "?" ? `⇧${key.toUpperCase()}` : key.toLowerCase()];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}

function drawList() {
  const list = [["1–9", "word"], ["Ctrl ⏎", "say"], ["Esc", "undo"], ["N", "notes"], ["S", "script"], ["C", "customer"],
    ["R", "ready"], ["P", "pause"], ["W", "more"], ["H", "hold"], ["M", "mute"], ["K", "keypad"], ["T", "transfer"],
    ["⇧X", "hang_up"], ["D", "dial"], ["?", "help"]];
  by("keys-list").replaceChildren(...list.flatMap(([key, what]) => [
    make("dt", {}, make("kbd", {}, key)), make("dd", {}, t(`desk.key_${what}`)),
  ]));
}
