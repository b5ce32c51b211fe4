// Proactive care: times by the viewer's clock, choices taken at once.
import { localTimes } from "../shared/times.js";

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("choose"));
form?.addEventListener("change", (event) => {
  if (/** @type {HTMLElement} */ (event.target).tagName === "SELECT") form.requestSubmit();
});
localTimes(document);
