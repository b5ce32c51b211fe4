// What the voice core tells beside the state of a talk: who was not reached and why, who left, what a flow came to.
import { t } from "../shared/words.js";

const WHY = ["busy", "no_answer", "refused", "failed", "hangup", "no_line"];

/** In words; '' when there is nothing to tell. @param {any} note */
export function noteWords(note) {
  if (note?.not_reached) {
    const why = WHY.includes(note.why) ? t(`desk.why_${note.why}`) : note.why;
    return t("desk.not_reached", { who: note.not_reached, why });
  }
  if (note?.flow) return t(note.goal ? "desk.flow_goal" : "desk.flow_no_goal");
  return note?.left ? t("desk.has_left", { who: note.left }) : "";
}
