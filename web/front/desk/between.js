// Between calls: a calm word, who waits in the queues, a number to dial, a contact to look at first.
import { t } from "../shared/words.js";
import { by, make, problem } from "./dom.js";
import { noteWords } from "./note.js";
import { preview, talk, words } from "./server.js";

/** @param {import("./model.js").Model} model */
export function drawBetween(model) {
  const draw = () => {
    const state = model.presence?.state;
    by("between-words").textContent = t(`desk.between_${state ?? "offline"}`);
    by("between-more").textContent = state === "ready" ? t("desk.between_help") : "";
    by("queues").replaceChildren(...waiting(model.queues).map(([title, count]) =>
      make("span", { class: "queue" }, `${title} `, make("strong", { class: "number" }, String(count)))));
  };
  for (const event of ["presence", "queues", "call"]) model.addEventListener(event, draw);

  const form = by("dial");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const no = form.querySelector(".notice");
    problem(no, "");
    try {
      await talk("manual", { number: form.number.value });
      form.reset();
    } catch (refused) {
      problem(no, words(refused));
    }
  });
  model.addEventListener("note", () => {
    if (!model.talk) problem(form.querySelector(".notice"), noteWords(model.note));
  });
  if (by("preview")) drawPreview();
}

/** Queues in which somebody waits, with how many. */
function waiting(queues) {
  const list = Array.isArray(queues?.queues) ? queues.queues : [];
  return list.filter((each) => each.waiting > 0).map((each) => [each.title, each.waiting]);
}

function drawPreview() {
  const place = by("preview-card");
  const tellNo = (no) => place.replaceChildren(make("p", { class: "notice bad", role: "alert" }, words(no)));
  const next = async () => {
    try {
      const { offer } = await preview("", { campaign: by("preview-campaign").value });
      place.replaceChildren(...(offer ? contact(offer, tellNo, place) : [make("p", { class: "quiet" }, t("desk.preview_nobody"))]));
      place.querySelector("button")?.focus();
    } catch (no) {
      tellNo(no);
    }
  };
  by("preview-next").addEventListener("click", next);
}

function contact(offer, tellNo, place) {
  const after = (verb, said) => async () => {
    try {
      await preview(verb, { contact: offer.contact });
      place.replaceChildren(make("p", { class: "quiet", role: "status" }, said));
    } catch (no) {
      tellNo(no);
    }
  };
  const facts = Object.entries(offer.fields).slice(0, 12).map(([name, value]) =>
    make("div", { class: "fact" }, make("dt", {}, name), make("dd", {}, String(value).slice(0, 400))));
  return [
    make("p", {}, make("strong", { class: "number" }, offer.number), ` · ${t("desk.tries", { count: offer.attempts })}`),
    make("dl", { class: "facts" }, ...facts),
    make("div", { class: "row" },
      make("button", { type: "button", class: "primary", onclick: after("/call", t("desk.preview_called")) }, t("desk.preview_call")),
      make("button", { type: "button", onclick: after("/leave", t("desk.preview_left")) }, t("desk.preview_leave"))),
  ];
}
