// A poll is drawn and rung by one button, after a question.
import { ask } from "../shared/ask.js";
import { tell } from "../shared/tell.js";
import { t } from "../shared/words.js";

export function watchDrawing() {
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-start]"));
  button?.addEventListener("click", async () => {
    if (!confirm(t("opinion.draw_sure"))) return;
    button.disabled = true;
    try {
      const made = await ask(`/api/v1/surveys/${encodeURIComponent(button.dataset.start)}/poll/start`, { json: {} });
      const count = Object.values(made.invited).reduce((sum, each) => sum + each, 0);
      tell(t("opinion.drawn", { count }));
    } catch (wrong) {
      tell(wrong.message, { bad: true });
    }
    button.disabled = false;
  });
}
