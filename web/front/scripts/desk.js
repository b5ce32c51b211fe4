// The script of the call at hand: each move asked of the server, and what is typed kept while it is typed.
import { ask } from "../shared/ask.js";
import { tell } from "../shared/tell.js";
import { RUN, moveOf, replaced, typedIn } from "./page.js";

const PAUSE = 600;
const AS_PAGE = { Accept: "text/html", "HX-Request": "true" };
let timer = 0;
let busy = false;

const place = (run) => run.querySelector("form").elements;

function form(run, values, typed) {
  const body = new URLSearchParams({ run: place(run).run.value, turn: place(run).turn.value, ...values });
  for (const [name, text] of Object.entries(typed)) body.set(`f.${name}`, text);
  return body;
}

/** @param {Element} run @param {import("./page.js").Move} move */
async function go(run, { how, key, typed }) {
  if (busy) return;
  busy = true;
  clearTimeout(timer);
  run.setAttribute("aria-busy", "true");
  try {
    const html = how === "language"
      ? await ask("/scripts/run/language", { body: form(run, { language: key }, typed), headers: AS_PAGE })
      : await ask("/scripts/run/move", { body: form(run, { how, key }, typed), headers: AS_PAGE });
    if (run.isConnected) replaced(run, html);
  } catch (problem) {
    run.removeAttribute("aria-busy");
    tell(problem.message, { bad: true });
  } finally {
    busy = false;
  }
}

async function keep(run) {
  if (!run.isConnected || busy) return;
  try {
    await ask("/scripts/run/note", { body: form(run, {}, typedIn(run)), signIn: false });
  } catch { /* the next move carries it too */ }
}

async function open(none) {
  const { call } = none.dataset;
  const query = new URLSearchParams({ call, script: none.querySelector("select").value });
  try {
    replaced(none, await ask(`/scripts/run?${query}`, { headers: AS_PAGE }));
  } catch (problem) {
    tell(problem.message, { bad: true });
  }
}

export function atTheDesk() {
  document.addEventListener("click", (event) => {
    const asked = moveOf(event.target);
    if (asked) go(asked.run, asked.move);
    else if (event.target.closest?.("[data-open-script]")) open(event.target.closest("[data-script-none]"));
  });
  document.addEventListener("submit", (event) => {
    const run = event.target.closest?.(RUN);
    if (!run) return;
    event.preventDefault();
    run.querySelector('[data-how="next"]')?.click();
  });
  document.addEventListener("input", (event) => {
    const run = event.target.closest?.(RUN);
    if (!run) return;
    clearTimeout(timer);
    timer = setTimeout(() => keep(run), PAUSE);
  });
  document.addEventListener("visibilitychange", () => {
    const run = document.querySelector(RUN);
    if (document.hidden && run) keep(run);
  });
}
