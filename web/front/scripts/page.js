// An open page of a script: what its buttons and fields say.

/** @typedef {{how: string, key: string, typed: Record<string, string>}} Move */

const FIELD = "f.";
export const RUN = "[data-script-run]";
/** Tells whoever listens how a script has just ended: its outcome. */
export const OVER = "script-over";

/**
 * What is typed into a page, by field.
 * @param {Element} run
 * @returns {Record<string, string>}
 */
export function typedIn(run) {
  const form = run.querySelector("form");
  const typed = {};
  for (const [name, value] of new FormData(form)) {
    if (name.startsWith(FIELD)) typed[name.slice(FIELD.length)] = String(value);
  }
  return typed;
}

/**
 * The move that an element of the page asks for; null when it asks for none.
 * @param {EventTarget | null} target
 * @returns {{run: Element, move: Move} | null}
 */
export function moveOf(target) {
  const button = target instanceof Element ? target.closest("button") : null;
  const run = button?.closest(RUN);
  if (!run || button.disabled) return null;
  const { how, key = "", language } = button.dataset;
  if (language) return { run, move: { how: "language", key: language, typed: typedIn(run) } };
  return how ? { run, move: { how, key, typed: typedIn(run) } } : null;
}

/**
 * Put a new page in the place of an old one and let the agent go on with the keyboard.
 * @param {Element} run
 * @param {string} html
 * @returns {Element | null} the new page
 */
export function replaced(run, html) {
  const active = document.activeElement;
  const had = run.contains(active) || Boolean(active?.contains(run));
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.querySelector(`${RUN}, [data-script-none]`);
  run.replaceWith(holder.content);
  if (had && fresh) settleIn(fresh);
  const over = fresh instanceof HTMLElement && fresh.dataset.outcome;
  if (over) fresh.dispatchEvent(new CustomEvent(OVER, { bubbles: true, detail: over }));
  return fresh;
}

/** The first wrong field, else the heading, from where number keys give the answer or the mark. */
function settleIn(page) {
  const wrong = page.querySelector('[aria-invalid="true"]');
  const first = wrong?.matches("fieldset") ? wrong.querySelector("input") : wrong;
  (first ?? page.querySelector(".script-heading"))?.focus();
}
