// What to say: the script's own page, loaded into its place for the call at hand.
import htmx from "htmx.org";
import { by } from "./dom.js";

/** @param {import("./model.js").Model} model */
export function drawScript(model) {
  const place = by("script");
  let shown = "";
  model.addEventListener("card", () => {
    const { call } = model.call;
    if (shown === call) return;
    shown = call;
    place.replaceChildren();
    htmx.ajax("GET", `/scripts/run?call=${encodeURIComponent(call)}`, { source: place, target: place, swap: "innerHTML" });
  });
  model.addEventListener("call", () => {
    if (model.call) return;
    shown = "";
    place.replaceChildren();
  });
}
