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
  const report = /** @type {HTMLSelectElement} */ (form.elements.namedItem("report"));
  report.addEventListener("change", () => fit(form, report.value));
  fit(form, report.value);
  for (const section of document.querySelectorAll("[data-schedule]")) {
    section.addEventListener("click", (event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("button[data-do]");
      if (button) change(section, button.dataset.do);
    });
  }
}

// The month on paper has files of its own and one day in the month; the tables have ranges and days.
function fit(form, report) {
  const monthly = report === "monthly";
  for (const part of form.querySelectorAll("[data-of]")) {
    const there = part.dataset.of === "all" || (part.dataset.of === "monthly") === monthly;
    part.hidden = !there;
    if (part instanceof HTMLOptionElement) part.disabled = !there;
  }
  const file = form.elements.namedItem("form");
  if (file.selectedOptions[0]?.disabled ?? true) file.value = "xlsx";
  if (monthly && file.value === "xlsx") file.value = "both";
  const day = form.elements.namedItem("month_day");
  day.min = monthly ? "1" : "0";
  if (monthly && Number(day.value) < 1) day.value = "1";
  if (!monthly && day.value === "1") day.value = "0";
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
  if (plan.report === "monthly") {
    delete plan.range;
    delete plan.by;
    plan.only = [];
  }
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
