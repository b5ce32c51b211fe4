// Asking the server: JSON or a form in, JSON out, with the CSRF token. A session that has ended is begun again in
// place, and the question is asked once more.
import { csrf, signInAgain, takeOver } from "./session.js";

/** What the server refused, in its own words (RFC 9457). */
export class Problem extends Error {
  /** @param {{status: number, error_id?: string, detail?: string, field?: string}} told */
  constructor(told) {
    super(told.detail || "");
    this.name = "Problem";
    this.status = told.status;
    this.id = told.error_id || "error";
    this.field = told.field || "";
  }
}

/**
 * @param {string} url
 * @param {{method?: string, json?: unknown, body?: BodyInit, headers?: Record<string, string>, signal?: AbortSignal,
 *   signIn?: boolean}} [options] `json` is sent as such; `signIn: false` leaves a dead session to the caller
 * @returns {Promise<any>} the JSON; the text when it is none; null when there is nothing
 * @throws {Problem} when the server refuses; status 0 when it does not answer
 */
export async function ask(url, options = {}) {
  let answer = await send(url, options);
  if (answer.status === 401 || answer.status === 403) {
    const told = await answer.clone().json().catch(() => ({}));
    const ended = told.error_id === "unauthorised";
    const stale = told.error_id === "stale-form";
    if (stale || (ended && options.signIn !== false)) {
      if (stale ? await takeOver() : await signInAgain()) answer = await send(url, options);
    }
  }
  const kind = answer.headers.get("Content-Type") || "";
  if (!answer.ok) {
    const told = kind.includes("json") ? await answer.json() : { detail: await answer.text() };
    throw new Problem({ ...told, status: answer.status });
  }
  if (answer.status === 204) return null;
  return kind.includes("json") ? answer.json() : answer.text();
}

async function send(url, { method, json, body, headers = {}, signal }) {
  const carries = json !== undefined || body !== undefined;
  const sent = { Accept: "application/json", "X-CSRF-Token": csrf(), ...headers };
  if (json !== undefined) sent["Content-Type"] = "application/json";
  try {
    return await fetch(url, {
      method: method || (carries ? "POST" : "GET"),
      body: json !== undefined ? JSON.stringify(json) : body,
      headers: sent,
      signal,
    });
  } catch (problem) {
    if (signal?.aborted) throw problem;
    throw new Problem({ status: 0, error_id: "no-answer", detail: String(problem) });
  }
}
