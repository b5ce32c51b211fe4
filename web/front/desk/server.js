// What the desk asks of the server; each command says from which tab it comes.
import { ask, Problem } from "../shared/ask.js";
import { t } from "../shared/words.js";

/** A new one for each page that is opened: the newest steers. */
export const tab = crypto.randomUUID().replaceAll("-", "");

/** Whose desk this is. */
export const agent = document.getElementById("desk").dataset.agent;
const mine = `/api/v1/agents/${encodeURIComponent(agent)}`;

/** @param {string} path @param {object} [json] @param {string} [method] */
export const send = (path, json = {}, method = "POST") => ask(path, { method, json, headers: { "X-Desk-Tab": tab } });

/** @param {string} verb @param {object} [json] */
export const presence = (verb, json) => send(`/desk/presence/${verb}`, json);

/** @param {string} verb @param {object} [json] */
export const talk = (verb, json) => send(`${mine}/talk/${verb}`, json);

/** @param {string} verb `""`, `/call` or `/leave` @param {object} json */
export const preview = (verb, json) => send(`${mine}/preview${verb}`, json);

/** What went wrong, in words for whoever looks. @param {unknown} problem */
export function words(problem) {
  if (!(problem instanceof Problem)) return String(problem);
  if (problem.status === 0) return t("desk.no_answer");
  // the field stands beside the words already
  return problem.message.replace(`${problem.field}: `, "") || t("desk.refused");
}
