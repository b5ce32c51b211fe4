// Where the agent stands: the state in words with its time, and what may be done about it.
import { t } from "../shared/words.js";
import { tell } from "../shared/tell.js";
import { by, make, problem, show } from "./dom.js";
import { everySecond, length } from "./clock.js";
import { presence, words } from "./server.js";

const WRAP_NOTE = 10_000;

/** @param {import("./model.js").Model} model */
export function drawShift(model) {
  const draw = () => {
    const at = model.presence;
    if (!at) return;
    const signedIn = at.state !== "offline" || (at.reason !== "sign_out" && at.since);
    by("state").dataset.state = at.state;
    by("state-word").textContent = stateWord(model);
    by("state-more").textContent = more(model);
    show(by("start"), !signedIn);
    show(by("between"), signedIn && !model.call);
    show(by("work"), Boolean(model.call));
    const busy = ["reserved", "talking"].includes(at.state);
    show(by("do-ready"), signedIn && ["paused", "wrap_up"].includes(at.state) && !model.call);
    show(by("do-more"), at.state === "wrap_up");
    show(by("do-pause"), signedIn && at.state !== "paused" && !(busy && at.leaving));
    show(by("do-leave"), signedIn && !at.going_home);
    for (const button of document.querySelectorAll("#desk .strip button, #work button, #between button, #start button")) {
      if (!["do-keys", "phone-open"].includes(button.id)) button.disabled = !model.steers;
    }
    tick();
  };
  const tick = () => {
    const at = model.presence;
    if (!at?.since || at.state === "offline") {
      by("state-time").textContent = by("between-time").textContent = "";
      return;
    }
    const until = at.state === "wrap_up" && at.wrap_until ? new Date(at.wrap_until).getTime() - model.now() : null;
    const since = model.now() - new Date(at.since).getTime();
    by("state-time").textContent = until === null ? length(since) : t("desk.wrap_left", { time: length(until) });
    by("between-time").textContent = length(until ?? since);
    by("state").classList.toggle("soon", until !== null && until < WRAP_NOTE);
    by("state").classList.toggle("long", overlong(model, since));
  };
  for (const event of ["presence", "call", "tab"]) model.addEventListener(event, draw);
  everySecond(tick);

  const act = (verb, json) => presence(verb, json).catch((no) => tell(words(no), { bad: true }));
  const deeds = {
    ready: () => act(model.presence?.state === "wrap_up" ? "wrapped-up" : "ready"),
    more: () => act("more-time"),
    pause: () => choosePause(model, act),
    leave: () => act("sign-out"),
  };
  for (const [name, deed] of Object.entries(deeds)) by(`do-${name}`).addEventListener("click", deed);
  return deeds;
}

function stateWord(model) {
  const at = model.presence;
  if (at.state === "paused") return pauseTitle(model, at.reason) || t("desk.state_paused");
  if (at.state === "offline" && at.reason !== "sign_out" && at.since) return t("desk.state_no_phone");
  return t(`desk.state_${at.state}`);
}

function more(model) {
  const at = model.presence;
  const said = [];
  if (at.by && ["paused", "ready", "offline"].includes(at.state)) said.push(t("desk.set_by", { who: at.by }));
  if (at.going_home) said.push(t("desk.then_home"));
  else if (at.leaving) said.push(t("desk.then_pause"));
  const reason = at.state === "paused" && model.pauses.find((each) => each.name === at.reason);
  if (reason) said.push(t(reason.paid ? "desk.paid" : "desk.unpaid", { minutes: reason.longest }));
  return said.join(" · ");
}

const pauseTitle = (model, name) => model.pauses.find((each) => each.name === name)?.title;

function overlong(model, since) {
  const reason = model.presence.state === "paused" && model.pauses.find((each) => each.name === model.presence.reason);
  return Boolean(reason) && since > reason.longest * 60_000;
}

function choosePause(model, act) {
  const dialog = by("pauses");
  by("pauses-list").replaceChildren(...model.pauses.map((each, place) => make(
    "button",
    { type: "submit", value: each.name, class: "choice" },
    make("kbd", { "aria-hidden": "true" }, String(place + 1)), make("span", {}, each.title),
    make("span", { class: "help" }, t(each.paid ? "desk.paid" : "desk.unpaid", { minutes: each.longest })),
  )));
  dialog.returnValue = "";
  dialog.showModal();
  dialog.onclose = () => dialog.returnValue && act("pause", { reason: dialog.returnValue });
  dialog.onkeydown = (event) => {
    const chosen = model.pauses[Number(event.key) - 1];
    if (chosen) dialog.close(chosen.name);
  };
}

/** What stands between the page and the voice core. @param {import("./model.js").Model} model */
export function drawAway(model) {
  const draw = () => {
    problem(by("away"), model.connected ? (model.coreHeard ? "" : t("desk.core_away")) : model.greeted ? t("desk.server_away") : "");
  };
  model.addEventListener("away", draw);
  const tabs = () => show(by("other-tab"), !model.steers);
  model.addEventListener("tab", tabs);
  by("take-over").addEventListener("click", () => model.take());
}
