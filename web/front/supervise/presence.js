// Setting somebody's presence, with a reason.
import { ask } from "../shared/ask.js";
import { tell } from "../shared/tell.js";
import { t } from "../shared/words.js";

/** @returns {(name: string, row: Record<string, any>) => void} opens the dialog for an agent */
export function presenceDialog() {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("set"));
  const form = dialog.querySelector("form");
  const problem = document.getElementById("set-problem");
  const reason = document.getElementById("reason-field");
  let agent = "";
  let title = "";
  const follow = () => (reason.hidden = form.elements.state.value !== "pause");
  form.addEventListener("input", follow);
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.value !== "set") return;
    event.preventDefault();
    const state = form.elements.state.value;
    const json = { state, why: form.elements.why.value.trim() };
    if (state === "pause") json.reason = form.elements.reason.value;
    try {
      await ask(`/supervise/${encodeURIComponent(agent)}/presence`, { json });
      dialog.close();
      tell(t("supervise.was_set", { title }));
    } catch (refused) {
      problem.textContent = refused.message;
      problem.hidden = false;
      if (refused.field === "reason") form.elements.why.focus();
    }
  });
  return (name, row) => {
    agent = name;
    title = row.title;
    problem.hidden = true;
    form.elements.why.value = "";
    form.elements.state.value = row.state === "paused" ? "ready" : row.state === "wrap_up" ? "wrapped-up" : "pause";
    follow();
    document.getElementById("set-title").textContent = t("supervise.set_of", { title });
    dialog.showModal();
  };
}
