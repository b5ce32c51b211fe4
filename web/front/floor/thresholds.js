// Thresholds of alarms: each line saved by itself, a new one below.
import { ask } from "../shared/ask.js";
import { tell } from "../shared/tell.js";
import { t } from "../shared/words.js";

/** @param {HTMLFormElement} form */
function settings(form) {
  const data = new FormData(form);
  const share = form.dataset.unit === "share" || form.elements.figure?.selectedOptions?.[0]?.dataset.unit === "share";
  const value = Number(data.get("threshold"));
  const told = {
    subject: data.get("subject"), side: data.get("side"), severity: data.get("severity"),
    threshold: share ? value / 100 : value, seconds: Number(data.get("seconds")), enabled: data.has("enabled"),
  };
  if (data.has("figure")) told.figure = data.get("figure");
  return told;
}

function refuse(form, problem) {
  for (const field of form.elements) field.removeAttribute?.("aria-invalid");
  const field = form.elements[problem.field];
  field?.setAttribute?.("aria-invalid", "true");
  field?.focus?.();
  tell(problem.message, { bad: true });
}

/** @param {HTMLElement} box */
export function editThresholds(box) {
  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const rule = form.dataset.rule;
    const remove = event.submitter?.value === "remove";
    try {
      const path = `/floor/thresholds${rule ? `/${encodeURIComponent(rule)}` : ""}`;
      await ask(path, remove ? { method: "DELETE" } : { method: rule ? "PATCH" : "POST", json: settings(form) });
      if (rule && !remove) tell(t("floor.saved"));
      else location.reload();
    } catch (problem) {
      refuse(form, problem);
    }
  });
  const figure = /** @type {HTMLSelectElement | null} */ (box.querySelector("form:not([data-rule]) select[name=figure]"));
  const unit = box.querySelector("[data-new-unit]");
  const shown = () => {
    const name = figure?.selectedOptions[0]?.dataset.unit;
    if (unit) unit.textContent = name === "share" ? t("floor.percent") : name === "seconds" ? "s" : "";
  };
  figure?.addEventListener("change", shown);
  shown();
}
