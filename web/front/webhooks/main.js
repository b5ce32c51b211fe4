// Webhooks: systems added and changed, tried out, given new secrets; messages sent again.
import { ask, Problem } from "../shared/ask.js";
import { tell } from "../shared/tell.js";
import { localTimes } from "../shared/times.js";
import { t } from "../shared/words.js";

const API = "/api/v1/webhooks";
const at = (id) => document.getElementById(id);

/** What a form says of a system. @param {HTMLFormElement} form */
function said(form) {
  const data = new FormData(form);
  return { url: String(data.get("url")).trim(), title: String(data.get("title")).trim(), events: data.getAll("events") };
}

/** Do it, and show at the form what is wrong with it. */
async function trying(form, what) {
  form.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
  try {
    await what();
  } catch (wrong) {
    if (!(wrong instanceof Problem)) throw wrong;
    at("problem").textContent = wrong.message;
    at("problem").hidden = false;
    const field = form.elements.namedItem(wrong.field);
    if (field instanceof HTMLElement) {
      field.setAttribute("aria-invalid", "true");
      field.focus();
    }
  }
}

/** Show a secret once; resolves when it has been noted. */
function showSecret(secret) {
  const dialog = /** @type {HTMLDialogElement} */ (at("secret"));
  at("secret-text").textContent = secret;
  at("copy").onclick = async () => {
    await navigator.clipboard.writeText(secret);
    tell(t("webhooks.copied"));
  };
  at("noted").onclick = () => dialog.close();
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
}

at("new-endpoint")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  trying(form, async () => {
    const made = await ask(API, { json: said(form) });
    await showSecret(made.secret);
    location.assign(`/webhooks/${made.id}`);
  });
});

const here = at("endpoint");
const url = `${API}/${here?.dataset.endpoint}`;

at("change")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  trying(form, async () => {
    await ask(url, { method: "PATCH", json: said(form) });
    location.reload();
  });
});

const deeds = {
  on: async () => { await ask(url, { method: "PATCH", json: { active: true } }); location.reload(); },
  off: async () => { await ask(url, { method: "PATCH", json: { active: false } }); location.reload(); },
  test: async () => { await ask(`${url}/test`, { json: {} }); tell(t("webhooks.done")); },
  replay: async () => { await ask(`${url}/replay`, { json: {} }); location.reload(); },
  secret: async () => showSecret((await ask(`${url}/secret`, { json: {} })).secret),
  remove: async () => {
    if (!confirm(t("webhooks.sure", { name: document.querySelector("h1").textContent }))) return;
    await ask(url, { method: "DELETE" });
    location.assign("/webhooks");
  },
};

here?.addEventListener("click", async (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (!button) return;
  try {
    if (button.dataset.do) await deeds[button.dataset.do]();
    else if (button.dataset.event) {
      await ask(`${url}/deliveries/${encodeURIComponent(button.dataset.event)}/replay`, { json: {} });
      tell(t("webhooks.done"));
    }
  } catch (wrong) {
    tell(wrong.message, { bad: true });
  }
});

localTimes(document);
