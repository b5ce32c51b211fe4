// Alarms that are on: told aloud when they begin, acknowledged by whoever has seen them.
import { ask } from "../shared/ask.js";
import { count, length, share } from "../shared/figures.js";
import { tell } from "../shared/tell.js";
import { t } from "../shared/words.js";

/** @type {Record<string, string>} the unit of each figure, as the page carries it */
let units = {};

function valueOf(figure, value) {
  const unit = units[figure];
  return unit === "share" ? share(value, 1) : unit === "seconds" ? length(value) : count(value);
}

/** @param {Record<string, any>} alarm @param {Map<string, any>} campaigns */
export function wordsOf(alarm, campaigns) {
  const figure = t(`floor.figure_${alarm.figure}`); // "Campaign: utilisation"; whose it is stands before it already
  const words = t(`floor.alarm_${alarm.side}`, {
    figure: alarm.subject ? figure.slice(figure.indexOf(": ") + 1).trim() : figure,
    value: valueOf(alarm.figure, alarm.value),
    threshold: valueOf(alarm.figure, alarm.threshold),
  });
  const subject = campaigns.get(alarm.subject)?.title ?? alarm.subject;
  return subject ? t("floor.alarm_of", { subject, words }) : words;
}

/**
 * @param {HTMLElement} list
 * @param {import("../shared/tables.js").Tables} tables
 * @param {{units: Record<string, string>, acknowledge: boolean}} how
 */
export function showAlarms(list, tables, how) {
  units = how.units;
  const rows = tables.table("alarms");
  const lines = new Map();
  const announce = document.getElementById("announce");
  const none = document.getElementById("no-alarms");
  const show = (touched, first = false) => {
    for (const id of touched) {
      const alarm = rows.get(id);
      if (!alarm) {
        if (lines.has(id)) announce.textContent = t("floor.alarm_over", { words: lines.get(id).words });
        lines.get(id)?.line.remove();
        lines.delete(id);
        continue;
      }
      if (!lines.has(id)) {
        lines.set(id, make(list, alarm, tables, how.acknowledge));
        if (!first) announce.textContent = t("floor.alarm_new", { words: lines.get(id).words });
      }
      update(lines.get(id), alarm);
    }
    none.hidden = rows.size > 0;
    list.closest(".alarms").classList.toggle("on", rows.size > 0);
  };
  tables.addEventListener("alarms", (event) => show(event.detail));
  show(rows.keys(), true);
}

function make(list, alarm, tables, mayAcknowledge) {
  const line = document.createElement("li");
  const tag = document.createElement("span");
  const text = document.createElement("span");
  const since = document.createElement("time");
  const seen = document.createElement("span");
  const button = document.createElement("button");
  const words = wordsOf(alarm, tables.table("campaigns"));
  tag.className = `tag ${alarm.severity === "critical" ? "bad" : "odd"}`;
  tag.textContent = t(`floor.severity_${alarm.severity}`);
  text.textContent = words;
  text.className = "alarm-words";
  since.dateTime = alarm.raised;
  since.textContent = t("floor.since", { time: new Date(alarm.raised).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) });
  since.className = seen.className = "quiet";
  button.type = "button";
  button.textContent = t("floor.acknowledge");
  button.setAttribute("aria-label", t("floor.acknowledge_this", { alarm: words }));
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await ask(`/floor/alarms/${encodeURIComponent(alarm.id)}/acknowledge`, { method: "POST" });
    } catch (problem) {
      tell(problem.message, { bad: true });
      button.disabled = false;
    }
  });
  line.append(tag, text, since, seen);
  if (mayAcknowledge) line.append(button);
  list.prepend(line);
  return { line, words, seen, button };
}

function update(made, alarm) {
  made.seen.textContent = alarm.acknowledged ? t("floor.acknowledged", { by: alarm.by }) : "";
  made.button.hidden = Boolean(alarm.acknowledged);
  made.line.classList.toggle("seen", Boolean(alarm.acknowledged));
}
