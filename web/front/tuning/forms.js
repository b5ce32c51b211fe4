// Forms whose values go to the server as settings, each problem shown at its field.
import { ask } from "../shared/ask.js";
import { tell } from "../shared/tell.js";
import { t } from "../shared/words.js";

const HUNDRED = 100;
const list = (text) => String(text).split(",").map((each) => each.trim()).filter(Boolean);
const number = (text) => (text === "" || text === null ? null : Number(text));
const percent = (text) => (text === "" || text === null ? null : Number((Number(text) / HUNDRED).toFixed(6)));

/** The settings of the pacing form. @param {HTMLFormElement} form */
export function pacing(form) {
  const data = new FormData(form);
  return {
    mode: data.get("mode"), max_abandon: percent(data.get("max_abandon")), max_occupancy: percent(data.get("max_occupancy")),
    ratio: number(data.get("ratio")), lines: number(data.get("lines")), wrap_seconds: number(data.get("wrap_seconds")),
    calls_per_second: number(data.get("calls_per_second")), priority: number(data.get("priority")), weight: number(data.get("weight")),
  };
}

/** Only what differs from the present. @param {Record<string, any>} wanted @param {Record<string, any>} present */
export function changed(wanted, present) {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(present[name])));
}

function hours(form) {
  const data = new FormData(form);
  const told = {};
  for (const [day, text] of data) if (list(text).length) told[day] = list(text);
  return { hours: told };
}

function caps(form) {
  const data = new FormData(form);
  const spend = number(data.get("spend_limit"));
  return {
    ring_seconds: number(data.get("ring_seconds")), spend_limit: spend === null ? null : Math.round(spend * HUNDRED),
    machines: data.get("machines"), message: data.get("message"), skill: data.get("skill").trim(),
    record: data.has("record"), trunks: data.getAll("trunks"),
  };
}

const rows = (form) => [...form.querySelectorAll(".editor tbody tr")];
const field = (row, name) => row.querySelector(`[name="${name}"]`);

function retry(form) {
  const outcomes = {};
  for (const row of rows(form)) {
    const name = field(row, "outcome").value.trim();
    if (!name) continue;
    outcomes[name] = {
      after: list(field(row, "after").value).map(Number), most: number(field(row, "most").value),
      next_number: field(row, "next_number").checked, skip_number: field(row, "skip_number").checked,
    };
  }
  return { retry: { max_attempts: number(form.elements.max_attempts.value), outcomes } };
}

function dispositions(form) {
  const flags = ["goal", "right_party", "machine", "wrong_number", "declined", "opt_out"];
  return {
    dispositions: rows(form).filter((row) => field(row, "name").value.trim()).map((row) => ({
      name: field(row, "name").value.trim(), title: field(row, "title").value.trim(), key: field(row, "key").value.trim(),
      then: field(row, "then").value, ...Object.fromEntries(flags.map((flag) => [flag, field(row, flag).checked])),
      fields: list(field(row, "fields").value),
      ...(row.dataset.suppress && field(row, "opt_out").checked ? { suppress: row.dataset.suppress } : {}),
    })),
  };
}

const SETTINGS = { tune: pacing, hours, caps, retry, dispositions };

function refuse(form, problem) {
  for (const each of form.elements) each.removeAttribute("aria-invalid");
  const wrong = form.elements[problem.field];
  if (wrong instanceof HTMLElement) {
    wrong.setAttribute("aria-invalid", "true");
    wrong.focus();
  }
  tell(spoken(problem, wrong), { bad: true });
}

/** What is wrong, by the field's name on the page instead of the one that programs use. */
function spoken(problem, input) {
  const name = input?.labels?.[0]?.firstChild?.textContent?.trim();
  const start = `${problem.field}: `;
  return name && problem.message.startsWith(start) ? `${name}: ${problem.message.slice(start.length)}` : problem.message;
}

async function send(form, data) {
  const kind = form.dataset.form;
  const values = Object.fromEntries(new FormData(form));
  if (kind === "create") {
    const told = await ask("/campaigns", { json: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "")) });
    location.assign(`/campaigns/${encodeURIComponent(told.name)}`);
    return;
  }
  if (kind === "forbid") {
    await ask("/do-not-call", { json: values });
    location.assign(`/do-not-call?number=${encodeURIComponent(values.number)}`);
    return;
  }
  if (kind === "allow") {
    await ask("/do-not-call", { method: "DELETE", json: { number: form.dataset.number, for: form.dataset.for, why: values.why } });
    location.reload();
    return;
  }
  const wanted = changed(SETTINGS[kind](form), data.settings);
  if (!Object.keys(wanted).length) {
    tell(t("tuning.nothing_changed"));
    return;
  }
  if (kind === "tune") wanted.why = form.elements.why.value;
  await ask(`/campaigns/${encodeURIComponent(data.campaign)}`, { method: "PATCH", json: wanted });
  sessionStorage.setItem("tuning.saved", t("tuning.saved"));
  location.reload();
}

/** @param {Record<string, any>} data */
export function watchForms(data) {
  const saved = sessionStorage.getItem("tuning.saved");
  if (saved) tell(saved);
  sessionStorage.removeItem("tuning.saved");
  document.addEventListener("submit", async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.dataset.form || form.dataset.form === "import") return;
    event.preventDefault();
    try {
      await send(form, data);
    } catch (problem) {
      refuse(form, problem);
    }
  });
  document.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (button?.dataset.row === "remove") button.closest("tr").remove();
    if (button?.dataset.row === "add") addRow(document.getElementById(button.dataset.table));
    if (button?.dataset.clear) clear(button.dataset.clear, data);
    if (button?.dataset.saveTrunk) saveTrunk(button.dataset.saveTrunk);
  });
  document.addEventListener("change", (event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    if (box.dataset.list) activate(box);
  });
}

function addRow(table) {
  const body = table.tBodies[0];
  const row = body.rows[body.rows.length - 1].cloneNode(true);
  delete row.dataset.suppress;
  for (const input of row.querySelectorAll("input, select")) {
    if (input.type === "checkbox") input.checked = false;
    else if (input.tagName === "SELECT") input.selectedIndex = 0;
    else input.value = "";
  }
  body.append(row);
  row.querySelector("input").focus();
}

async function clear(setting, data) {
  const nothing = setting === "retry" ? {} : [];
  try {
    await ask(`/campaigns/${encodeURIComponent(data.campaign)}`, { method: "PATCH", json: { [setting]: nothing } });
    location.reload();
  } catch (problem) {
    tell(problem.message, { bad: true });
  }
}

async function activate(box) {
  try {
    await ask(`/api/v1/lists/${encodeURIComponent(box.dataset.list)}`, { method: "PATCH", json: { active: box.checked } });
    tell(t("tuning.saved"));
  } catch (problem) {
    box.checked = !box.checked;
    tell(problem.message, { bad: true });
  }
}

async function saveTrunk(trunk) {
  const fields = [...document.querySelectorAll("input[data-trunk]")].filter((each) => each.dataset.trunk === trunk);
  const json = Object.fromEntries(fields.map((each) => [each.name, each.type === "checkbox" ? each.checked : Number(each.value)]));
  try {
    await ask(`/api/v1/trunks/${encodeURIComponent(trunk)}`, { method: "PATCH", json });
    sessionStorage.setItem("tuning.saved", t("tuning.saved"));
    location.reload();
  } catch (problem) {
    const wrong = fields.find((each) => each.name === problem.field);
    wrong?.setAttribute("aria-invalid", "true");
    tell(spoken(problem, wrong), { bad: true });
  }
}
