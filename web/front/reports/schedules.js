// Reports by mail: made by the form, switched, sent and removed by their buttons.
import { ask, Problem } from "../shared/ask.js";
import { tell } from "../shared/tell.js";
import { t } from "../shared/words.js";

const API = "/api/v1/report-schedules";
const names = (text) => text.split(",").map((each) => each.trim()).filter(Boolean);

/** @param {HTMLFormElement} form */
export function keepSchedules(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add(form);
  });
  for (const section of document.querySelectorAll("[data-schedule]")) {
    section.addEventListener("click", (event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("button[data-do]");
      if (button) change(section, button.dataset.do);
    });
  }
}

async function add(form) {
  const said = new FormData(form);
  const text = (name) => String(said.get(name) ?? "").trim();
  const month = Number(text("month_day")) || 0;
  const plan = {
    ...Object.fromEntries(["title", "report", "range", "by", "form", "language", "time", "zone"].map((name) => [name, text(name)])),
    recipients: names(text("recipients")),
    only: names(text("only")),
    month_day: month,
    days: month ? [] : said.getAll("days").map(Number),
  };
  const problem = document.getElementById("schedule-problem");
  form.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
  try {
    await ask(API, { json: plan });
    location.reload();
  } catch (wrong) {
    if (!(wrong instanceof Problem)) throw wrong;
    problem.textContent = wrong.message;
    problem.hidden = false;
    const field = form.elements.namedItem(wrong.field);
    if (field instanceof HTMLElement) {
      field.setAttribute("aria-invalid", "true");
      field.focus();
    }
  }
}

async function change(section, what) {
  const url = `${API}/${section.dataset.schedule}`;
  const title = section.querySelector("h2").textContent;
  if (what === "remove" && !confirm(t("reports.sure", { title }))) return;
  try {
    if (what === "remove") await ask(url, { method: "DELETE" });
    else if (what === "send") await ask(`${url}/send`, { json: {} });
    else await ask(url, { method: "PATCH", json: { active: what === "on" } });
  } catch (wrong) {
    tell(wrong.message, { bad: true });
    return;
  }
  if (what === "send") tell(t("reports.done"));
  else location.reload();
}
