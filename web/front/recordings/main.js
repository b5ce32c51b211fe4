// The list of recordings: a player opens below its row, and is closed by the same button or by Escape.
import { ask } from "../shared/ask.js";
import { tell } from "../shared/tell.js";
import { t } from "../shared/words.js";

const STEP_SECONDS = 5;

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (button?.dataset.listen) toggle(button);
  if (button?.dataset.seek) seek(button);
});

document.addEventListener("keydown", (event) => {
  const player = /** @type {HTMLElement} */ (event.target).closest?.(".player-row");
  if (!player) return;
  const audio = player.querySelector("audio");
  if (event.key === "Escape") close(player);
  else if (audio && event.target !== audio && event.key === "ArrowRight") audio.currentTime += STEP_SECONDS;
  else if (audio && event.target !== audio && event.key === "ArrowLeft") audio.currentTime -= STEP_SECONDS;
  else return;
  event.preventDefault();
});

/** @param {HTMLElement} button of a row */
async function toggle(button) {
  const row = button.closest("tr");
  const open = row.nextElementSibling;
  if (open?.classList.contains("player-row")) {
    close(open);
    return;
  }
  try {
    const fragment = await ask(`/recordings/${encodeURIComponent(button.dataset.listen)}/player`);
    const below = document.createElement("tr");
    below.className = "player-row";
    const cell = below.insertCell();
    cell.colSpan = row.cells.length;
    cell.innerHTML = fragment;
    row.after(below);
    button.setAttribute("aria-expanded", "true");
    button.textContent = t("recordings.close");
    const audio = cell.querySelector("audio");
    audio.tabIndex = 0;
    audio.focus();
  } catch (problem) {
    tell(problem.message || t("recordings.not_there"), { bad: true });
  }
}

/** @param {Element} below the row with the player */
function close(below) {
  const button = below.previousElementSibling?.querySelector("[data-listen]");
  below.remove();
  button?.setAttribute("aria-expanded", "false");
  if (button) button.textContent = t("recordings.listen");
  /** @type {HTMLElement} */ (button)?.focus();
}

/** @param {HTMLElement} button of a gap: the player goes on after it */
function seek(button) {
  const audio = button.closest(".player").querySelector("audio");
  audio.currentTime = Number(button.dataset.seek);
  audio.play();
}
