// The session of this page: its CSRF token, and signing in again in place when it has ended, so that a call goes
// on and nothing typed is lost.
import { t } from "./words.js";

const meta = (name) => document.querySelector(`meta[name="${name}"]`);
const visitor = meta("visitor")?.content ?? "";

/** What forms and scripts send along to change anything. */
export const csrf = () => meta("csrf-token")?.content ?? "";

/** @param {string} token */
function renew(token) {
  meta("csrf-token").content = token;
  for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = token;
}

/**
 * How the session stands; one that another tab has begun for the same user is taken over.
 * @returns {Promise<"there" | "ended" | "unknown">} `unknown`: the server does not answer
 */
export async function sessionState() {
  try {
    const answer = await fetch("/session", { headers: { Accept: "application/json" } });
    if (answer.status === 401) return "ended";
    if (!answer.ok) return "unknown";
    const told = await answer.json();
    if (told.name !== visitor) return "ended";
    renew(told.csrf);
    return "there";
  } catch {
    return "unknown";
  }
}

/** @returns {Promise<boolean>} whether there is a session that this page can go on with */
export const takeOver = async () => (await sessionState()) === "there";

/** @type {Promise<boolean> | null} */
let asking = null;

/**
 * Ask for the password in a dialog over the page. Asked by many at once, it asks once.
 * @returns {Promise<boolean>} whether there is a session again
 */
export function signInAgain() {
  asking ??= takeOver()
    .then((there) => there || askPassword())
    .finally(() => { asking = null; });
  return asking;
}

function field(form, name, kind, autocomplete) {
  const box = document.createElement("div");
  const label = document.createElement("label");
  const input = document.createElement("input");
  box.className = "field";
  label.htmlFor = input.id = `again-${name}`;
  label.textContent = t(`base.again_${name}`);
  Object.assign(input, { name, type: kind, autocomplete, required: true });
  box.append(label, input);
  form.append(box);
  return input;
}

function askPassword() {
  const dialog = document.createElement("dialog");
  const form = document.createElement("form");
  const title = document.createElement("h2");
  const words = document.createElement("p");
  const problem = document.createElement("p");
  title.id = "again-title";
  title.textContent = t("base.session_ended");
  words.textContent = t("base.session_words");
  problem.className = "notice bad";
  problem.setAttribute("role", "alert");
  problem.hidden = true;
  form.className = "stack";
  form.method = "post";
  form.append(title, words, problem);
  dialog.setAttribute("aria-labelledby", title.id);
  const name = field(form, "name", "text", "username");
  name.value = visitor;
  name.readOnly = true;
  const password = field(form, "password", "password", "current-password");
  const code = field(form, "code", "text", "one-time-code");
  code.parentElement.hidden = true;
  code.required = false;
  const row = document.createElement("div");
  const button = document.createElement("button");
  const other = document.createElement("a");
  row.className = "spread";
  button.className = "primary";
  button.textContent = t("base.sign_in");
  other.href = "/sign-in";
  other.textContent = t("base.session_other");
  row.append(button, other);
  form.append(row);
  dialog.append(form);
  document.body.append(dialog);
  const before = document.activeElement;
  dialog.showModal();
  password.focus();
  return new Promise((resolve) => {
    const end = (how) => {
      dialog.close();
      dialog.remove();
      if (before instanceof HTMLElement) before.focus();
      resolve(how);
    };
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); end(false); });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      const told = await enter(new URLSearchParams({
        name: visitor, as: visitor, password: password.value, code: code.value,
      }));
      button.disabled = false;
      if (told.csrf) {
        renew(told.csrf);
        end(true);
        return;
      }
      problem.hidden = false;
      problem.textContent = told.detail;
      const wanted = told.error_id === "code-needed";
      if (wanted) code.parentElement.hidden = false;
      (wanted ? code : password).focus();
    });
  });
}

async function enter(body) {
  try {
    const answer = await fetch("/sign-in", { method: "POST", body, headers: { Accept: "application/json" } });
    return await answer.json();
  } catch {
    return { detail: t("base.offline") };
  }
}
