// A file on its way into a list: how much has been sent, how far it is read, what was wrong with it.
import { ask } from "../shared/ask.js";
import { count, share } from "../shared/figures.js";
import { csrf } from "../shared/session.js";
import { tell } from "../shared/tell.js";
import { t } from "../shared/words.js";

const LOOK = 400;

/** Send a file; `fetch` tells nobody how far it is. */
function upload(url, file, sent) {
  return new Promise((resolve, reject) => {
    const asking = new XMLHttpRequest();
    asking.open("POST", url);
    asking.setRequestHeader("X-CSRF-Token", csrf());
    asking.setRequestHeader("Accept", "application/json");
    asking.setRequestHeader("Content-Type", "application/octet-stream");
    asking.upload.addEventListener("progress", (event) => event.lengthComputable && sent(event.loaded / event.total));
    asking.addEventListener("error", () => reject(new Error(t("base.offline"))));
    asking.addEventListener("load", () => {
      const told = JSON.parse(asking.responseText || "{}");
      if (asking.status < 300) resolve(told);
      else reject(Object.assign(new Error(told.detail ?? String(asking.status)), { field: told.field }));
    });
    asking.send(file);
  });
}

/** @param {string} campaign */
export function watchImport(campaign) {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector('form[data-form="import"]'));
  if (!form) return;
  const bar = /** @type {HTMLProgressElement} */ (document.getElementById("importing"));
  const told = document.getElementById("import-told");
  const report = /** @type {HTMLAnchorElement} */ (document.getElementById("import-report"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const name = form.elements.list.value.trim();
    const file = form.elements.file.files[0];
    const button = form.querySelector("button");
    button.disabled = true;
    bar.hidden = false;
    report.hidden = true;
    try {
      await ask("/api/v1/lists", { json: { name, campaign } });
      const path = `/api/v1/lists/${encodeURIComponent(name)}/imports`;
      const begun = await upload(`${path}?${new URLSearchParams({ file: file.name })}`, file, (part) => {
        bar.value = 100 * part;
        told.textContent = t("tuning.import_sent", { percent: share(part) });
      });
      bar.removeAttribute("value");
      const done = await follow(`${path}/${begun.import_id}`, begun, (now) => {
        told.textContent = t("tuning.import_going", numbers(now));
      });
      told.textContent = done.problem ? t("tuning.import_failed", { problem: done.problem }) : t("tuning.import_done", numbers(done));
      if (done.report) {
        report.href = done.report;
        report.hidden = false;
      }
    } catch (problem) {
      told.textContent = "";
      tell(problem.message, { bad: true });
    } finally {
      bar.hidden = true;
      button.disabled = false;
    }
  });
}

const numbers = (told) => Object.fromEntries(["lines", "added", "known", "bad"].map((each) => [each, count(told[each])]));

async function follow(url, first, show) {
  let now = first;
  while (!now.finished) {
    show(now);
    await new Promise((resolve) => setTimeout(resolve, LOOK));
    now = await ask(url);
  }
  return now;
}
