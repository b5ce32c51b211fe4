// Opinions: the trend that is drawn, the choice that is taken at once.
import { localTimes } from "../shared/times.js";
import { watchDrawing } from "./polls.js";
import { Trend } from "./trend.js";

const carried = document.getElementById("opinion-data")?.textContent;
const data = carried ? JSON.parse(carried) : null;
if (data && document.getElementById("trend")) new Trend(data);

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("choose"));
form?.addEventListener("change", (event) => {
  const field = /** @type {HTMLSelectElement} */ (event.target);
  if (field.name === "by") {
    // weeks and months have other names
    for (const each of form.querySelectorAll("[name=period], [name=from], [name=to]")) each.disabled = true;
  }
  if (field.tagName === "SELECT") form.requestSubmit();
});
watchDrawing();
localTimes(document);
