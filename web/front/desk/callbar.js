// The call: held, muted, given away, asked about, ended. What the voice core refuses is told in its words.
import { ask } from "../shared/ask.js";
import { tell } from "../shared/tell.js";
import { t } from "../shared/words.js";
import { by, make, problem, show } from "./dom.js";
import { noteWords } from "./note.js";
import { agent, presence, talk, words } from "./server.js";

/**
 * @param {import("./model.js").Model} model
 * @param {import("./line.js").Line} line the browser's telephone, where there is one
 */
export function drawCallbar(model, line) {
  const bar = by("callbar");
  const button = (act) => bar.querySelector(`[data-act="${act}"]`);
  const draw = () => {
    const talking = model.presence?.state === "talking";
    const state = model.talk?.state ?? "talking";
    show(bar, talking);
    if (!talking) return;
    const advises = model.talk?.parties?.some((party) => party.role === "adviser" && party.who === agent);
    const consults = state === "consulting" && !advises;
    show(button("hold"), ["talking", "held"].includes(state) && !advises);
    button("hold").setAttribute("aria-pressed", String(state === "held"));
    show(button("mute"), line.mine);
    button("mute").setAttribute("aria-pressed", String(line.muted));
    show(button("keypad"), line.mine);
    show(button("transfer"), ["talking", "held"].includes(state) && !advises);
    for (const act of ["complete", "conference", "cancel"]) show(button(act), consults);
    const recording = model.talk?.recording ?? "off";
    show(button("record"), recording !== "off");
    button("record").setAttribute("aria-pressed", String(recording === "paused"));
    button("record").textContent = t(recording === "paused" ? "desk.record_resume" : "desk.record_pause");
    bar.dataset.talk = state;
  };
  for (const event of ["presence", "talk", "call", "tab"]) model.addEventListener(event, draw);
  line.addEventListener("change", draw);

  model.addEventListener("note", () => {
    const said = model.talk ? noteWords(model.note) : "";
    if (said) tell(said, { bad: Boolean(model.note.not_reached) });
  });

  const no = (problem) => tell(words(problem), { bad: true });
  const deeds = {
    hold: () => talk(model.talk?.state === "held" ? "retrieve" : "hold").catch(no),
    mute: () => line.mute(!line.muted),
    keypad: () => openKeypad(line),
    transfer: () => openTransfer(),
    record: () => talk(model.talk?.recording === "paused" ? "record-resume" : "record-pause").catch(no),
    complete: () => talk("complete").catch(no),
    conference: () => talk("conference").catch(no),
    cancel: () => talk("cancel").catch(no),
    hang_up: () => presence("hang-up").catch(no),
  };
  bar.addEventListener("click", (event) => deeds[event.target.closest("[data-act]")?.dataset.act]?.());
  wireTransfer();
  return (act) => {
    const found = button(act);
    if (bar.hidden || found.hidden || found.disabled) return false;
    deeds[act]();
    return true;
  };
}

function openKeypad(line) {
  const dialog = by("keypad");
  const said = by("keypad-said");
  said.textContent = "";
  const press = (digit) => {
    line.press(digit);
    said.textContent += digit;
  };
  dialog.onclick = (event) => event.target.dataset?.digit && press(event.target.dataset.digit);
  dialog.onkeydown = (event) => {
    if (!/^[0-9*#]$/.test(event.key)) return;
    event.preventDefault();
    press(event.key);
  };
  dialog.showModal();
}

/** Whom a talk can be given to, by kind; asked anew each time, since people come and go. @type {Record<string, any[]>} */
let targets = {};

function listTargets() {
  const options = (targets[by("transfer-kind").value] ?? []).map(({ name, title, state }) =>
    make("option", { value: name, label: state ? `${title} · ${t(`desk.state_${state}`)}` : title }));
  by("transfer-list").replaceChildren(...options);
}

function openTransfer() {
  problem(by("transfer").querySelector(".notice"), "");
  ask("/desk/targets").then((told) => { targets = told; listTargets(); }).catch(() => {}); // names can be typed too
  by("transfer").showModal();
  by("transfer-who").focus();
}

function wireTransfer() {
  const kind = by("transfer-kind");
  const relabel = () => {
    by("transfer-label").textContent = t(`desk.to_${kind.value}`);
    show(by("do-consult"), ["agent", "number"].includes(kind.value));
  };
  kind.addEventListener("change", () => {
    relabel();
    listTargets();
  });
  relabel();
  by("transfer").querySelector("[data-close]").addEventListener("click", () => by("transfer").close());
  by("transfer-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const place = by("transfer").querySelector(".notice");
    const who = by("transfer-who").value.trim();
    const flow = kind.value === "flow";
    const verb = flow ? "into-flow" : event.submitter?.value || "consult";
    try {
      await talk(verb, flow ? { flow: who } : { target: kind.value === "number" ? who : `${kind.value}:${who}` });
      by("transfer").close();
    } catch (refused) {
      problem(place, words(refused));
    }
  });
}
