// Who is on the line, and why: drawn in the moment of joining, the customer's card a few milliseconds later.
import { ask } from "../shared/ask.js";
import { localTimes } from "../shared/times.js";
import { language, t } from "../shared/words.js";
import { by, make, put, show } from "./dom.js";
import { length } from "./clock.js";
import { send, words } from "./server.js";

const FIELD_LETTERS = 300;
const NOTE_LETTERS = 1200;

/** @param {import("./model.js").Model} model */
export function drawPop(model) {
  model.addEventListener("call", () => {
    by("card").replaceChildren();
    by("earlier").replaceChildren();
    show(by("unknown"), false);
    if (model.call) why(model.call);
  });
  model.addEventListener("card", () => {
    const { call, hand, html } = model.call;
    why(model.call);
    put(by("card"), html);
    localTimes(by("card"));
    show(by("unknown"), !hand.customer);
    painted(call);
  });
  by("find").addEventListener("submit", (event) => {
    event.preventDefault();
    find(model);
  });
}

/** For whoever measures: when the card could be seen. */
function painted(call) {
  requestAnimationFrame(() => {
    const frame = new MessageChannel();
    frame.port1.onmessage = () => performance.mark("desk-card", { detail: { call, at: Date.now() } });
    frame.port2.postMessage(null);
  });
}

function why(shown) {
  const { pop = {}, hand } = shown;
  const known = hand ?? pop;
  const head = make("h2", {}, known.title || pop.title || t("desk.call"));
  const facts = [];
  const fact = (word, text) => text && facts.push(make("div", { class: "fact" }, make("dt", {}, t(`desk.${word}`)), make("dd", {}, text)));
  const number = known.number ?? "";
  fact("number", number);
  if (hand) {
    fact("reason", hand.reason);
    fact("path", hand.path.join(" › "));
    if (hand.waited !== null) fact("waited", length(hand.waited * 1000));
    if (hand.tries) fact("tried", t("desk.tries", { count: hand.tries }));
    if (hand.language && !hand.customer) fact("language", nameOf(hand.language));
    for (const [name, value] of Object.entries(hand.fields).slice(0, 10)) {
      facts.push(make("div", { class: "fact" }, make("dt", {}, name), make("dd", {}, plain(value).slice(0, FIELD_LETTERS))));
    }
  }
  const tag = make("p", { class: "tag" }, t(hand ? (hand.inbound ? "desk.inbound" : "desk.outbound") : "desk.joined"));
  by("why").replaceChildren(make("div", { class: "spread" }, head, tag), make("dl", { class: "facts" }, ...facts));
  by("earlier").replaceChildren(...(hand?.notes ? note(hand.notes) : []));
  if (shown.away) by("why").append(make("p", { class: "notice warn" }, t("desk.card_away")));
}

/** What agents wrote before: bounded, and said so. */
function note(text) {
  const cut = text.length > NOTE_LETTERS;
  const box = make("blockquote", { class: "earlier", tabIndex: 0 }, text.slice(0, NOTE_LETTERS));
  const title = make("h3", {}, t("desk.earlier"));
  return cut ? [title, box, make("p", { class: "help" }, t("desk.cut", { count: text.length, shown: NOTE_LETTERS }))] : [title, box];
}

const plain = (value) => (value && typeof value === "object" ? Object.values(value).flat().join(" ") : String(value ?? ""));

function nameOf(code) {
  try {
    return new Intl.DisplayNames([language], { type: "language" }).of(code);
  } catch {
    return code;
  }
}

async function find(model) {
  const list = by("find-list");
  try {
    put(list, await ask(`/customers?part=1&q=${encodeURIComponent(by("find-text").value)}`, { headers: { Accept: "text/html" } }));
  } catch (no) {
    list.replaceChildren(make("p", { class: "notice bad" }, words(no)));
    return;
  }
  for (const link of list.querySelectorAll("a[data-customer]")) {
    const button = make("button", { type: "button", onclick: () => attach(model, link.dataset.customer) }, t("desk.it_is_them"));
    link.target = "_blank";
    link.after(button);
  }
  list.querySelector("button")?.focus();
}

async function attach(model, customer) {
  const call = model.call.call;
  try {
    const shown = await send("/desk/customer", { call, customer });
    if (model.call?.call === call) model.show({ ...shown, pop: model.call.pop, said: model.call.said, ready: true });
  } catch (no) {
    by("find-list").append(make("p", { class: "notice bad", role: "alert" }, words(no)));
  }
}

