// The headings of the top line: one open at a time, closed by Escape, a click elsewhere, or leaving with the keyboard.

/** @param {NodeListOf<HTMLDetailsElement>} headings */
export function closeByItself(headings) {
  const closeBut = (kept) => headings.forEach((each) => { each.open &&= each.contains(kept); });
  document.addEventListener("click", (event) => closeBut(event.target));
  document.addEventListener("focusin", (event) => closeBut(event.target));
  headings.forEach((each) => each.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && each.open) {
      each.open = false;
      each.querySelector("summary").focus();
    }
  }));
}
