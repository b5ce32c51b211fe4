// On every page: htmx with our session, language and theme, times as the viewer's clock has them.
import htmx from "htmx.org";
import { ask } from "../shared/ask.js";
import { csrf, signInAgain, takeOver } from "../shared/session.js";
import { tell } from "../shared/tell.js";
import { localTimes } from "../shared/times.js";
import { t } from "../shared/words.js";
import { closeByItself } from "./headings.js";

document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = csrf();
});

document.body.addEventListener("htmx:responseError", async (event) => {
  const { xhr, requestConfig: asked, elt, target } = event.detail;
  let told = {};
  try {
    told = JSON.parse(xhr.responseText);
  } catch { /* a page; its status says enough */ }
  const again =
    told.error_id === "unauthorised" ? await signInAgain() : told.error_id === "stale-form" && (await takeOver());
  if (again) {
    htmx.ajax(asked.verb, asked.path, { source: elt, target, values: asked.parameters });
  } else {
    tell(told.detail || `${xhr.status}`, { bad: true });
  }
});
document.body.addEventListener("htmx:sendError", () => tell(t("base.offline"), { bad: true }));
document.body.addEventListener("htmx:afterSwap", (event) => localTimes(event.detail.target));

const language = document.getElementById("choose-language");
language?.addEventListener("change", () => language.form.requestSubmit());
document.querySelector(".no-script")?.remove();

const theme = document.getElementById("switch-theme");
if (theme) {
  const root = document.documentElement;
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  theme.hidden = false;
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    ask("/preferences", { body: new URLSearchParams({ theme: root.dataset.theme }) }).catch(() => {});
  });
}

closeByItself(document.querySelectorAll("details.pages"));
localTimes(document);
