// Buttons that start, pause, end, clone, put away and undo.
import { ask } from "../shared/ask.js";
import { tell } from "../shared/tell.js";
import { t } from "../shared/words.js";

/**
 * Ask for a yes, or for a text.
 * @param {string} words
 * @param {boolean} text
 * @returns {Promise<string | boolean>} the text, or whether it was yes
 */
function question(words, text) {
  const dialog = document.createElement("dialog");
  const form = document.createElement("form");
  const said = document.createElement("p");
  const row = document.createElement("div");
  const input = document.createElement("input");
  said.id = "question-words";
  said.textContent = words;
  form.method = "dialog";
  form.className = "stack";
  dialog.setAttribute("aria-labelledby", said.id);
  row.className = "row";
  for (const [value, name, kind] of [["yes", "tuning.yes", "primary"], ["no", "tuning.no", ""]]) {
    const button = document.createElement("button");
    Object.assign(button, { value, className: kind, textContent: t(name), formNoValidate: value === "no" });
    row.append(button);
  }
  form.append(said);
  if (text) {
    input.required = true;
    input.maxLength = 80;
    input.setAttribute("aria-labelledby", said.id);
    form.append(input);
  }
  form.append(row);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const yes = dialog.returnValue === "yes";
      dialog.remove();
      resolve(yes && text ? input.value.trim() : yes);
    });
  });
}

const ASKED = {
  unarchive: (path) => [`${path}/archive`, { archived: false }],
  archive: (path) => [`${path}/archive`, { archived: true }],
  clone: (path, name) => [`${path}/clone`, { name }],
};

/** @param {string} campaign of the page; a button may name another */
export function watchActions(campaign) {
  document.addEventListener("click", async (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button[data-do]");
    if (!button) return;
    const what = button.dataset.do;
    const words = button.dataset.confirm ?? button.dataset.ask;
    const given = words ? await question(words, Boolean(button.dataset.ask)) : true;
    if (!given) return;
    const path = `/campaigns/${encodeURIComponent(button.dataset.campaign ?? campaign)}`;
    const [url, json] = ASKED[what]?.(path, given) ?? [`${path}/${what}`, {}];
    button.disabled = true;
    try {
      const told = await ask(url, { json });
      if (what === "clone") location.assign(`/campaigns/${encodeURIComponent(told.name)}`);
      else location.reload();
    } catch (problem) {
      button.disabled = false;
      tell(problem.message, { bad: true });
    }
  });
}
