// Small things of the page: elements found, made and filled. Text is always text, never markup.

/** @param {string} id @returns {any} */
export const by = (id) => document.getElementById(id);

/**
 * @param {string} tag
 * @param {Record<string, any>} [is] properties; `class` and `data-…` too
 * @param {...(Node | string)} holds
 */
export function make(tag, is = {}, ...holds) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(is)) {
    if (name === "class") made.className = value;
    else if (name.includes("-")) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...holds);
  return made;
}

/** Show or hide. @param {HTMLElement} element @param {boolean} so */
export function show(element, so) {
  element.hidden = !so;
}

/** A problem in its place, or none. @param {HTMLElement} place @param {string} text */
export function problem(place, text) {
  place.textContent = text;
  place.hidden = !text;
}

/**
 * Markup that our server has made and escaped, put in without running anything in it.
 * @param {HTMLElement} place @param {string} html
 */
export function put(place, html) {
  const read = new DOMParser().parseFromString(html, "text/html");
  place.replaceChildren(...read.body.childNodes);
}

/** Whether somebody is typing. @param {EventTarget | null} where */
export function typing(where) {
  return where instanceof HTMLElement
    && (where.isContentEditable || where.matches("textarea, select, input:not([type=radio]):not([type=checkbox])"));
}
