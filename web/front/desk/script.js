// What to say: the script's own page, loaded into its place for the call at hand.
import { ask } from "../shared/ask.js";
import { t } from "../shared/words.js";
import { by, make, put } from "./dom.js";

/** @param {import("./model.js").Model} model */
export function drawScript(model) {
  const place = by("script");
  let shown = "";
  model.addEventListener("card", async () => {
    const { call } = model.call;
    if (shown === call) return;
    shown = call;
    place.replaceChildren();
    try {
      const html = await ask(`/scripts/run?call=${encodeURIComponent(call)}`, { headers: { Accept: "text/html", "HX-Request": "true" } });
      if (model.call?.call !== call) return;
      put(place, html);
      place.dispatchEvent(new CustomEvent("script:loaded", { bubbles: true, detail: { call } }));
    } catch {
      place.replaceChildren(make("p", { class: "empty" }, t("desk.no_script")));
    }
  });
  model.addEventListener("call", () => {
    if (model.call) return;
    shown = "";
    place.replaceChildren();
  });
}
