// The agent's desk, put together: one model, and small parts that each draw theirs.
import { by } from "./dom.js";
import { Model } from "./model.js";
import { drawAway, drawShift } from "./shift.js";
import { drawBetween } from "./between.js";
import { drawPop } from "./pop.js";
import { drawScript } from "./script.js";
import { drawCallbar } from "./callbar.js";
import { Line } from "./line.js";
import { Outcome } from "./outcome.js";
import { wireKeys } from "./keys.js";
import { tab } from "./server.js";

if (by("desk")) {
  const model = new Model();
  document.body.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-Desk-Tab"] = tab; // the script's moves too are this tab's
  });
  const line = new Line(model);
  drawAway(model);
  const shift = drawShift(model);
  drawBetween(model);
  drawPop(model);
  drawScript(model);
  const outcome = new Outcome(model);
  const call = drawCallbar(model, line);
  const press = (name) => () => !by(`do-${name}`).hidden && !by(`do-${name}`).disabled && shift[name]();
  wireKeys({
    word: (digit) => outcome.press(digit),
    back: () => outcome.undo(),
    say: () => outcome.say(true),
    keys: {
      r: press("ready"), p: press("pause"), w: press("more"),
      h: () => call("hold"), m: () => call("mute"), k: () => call("keypad"), t: () => call("transfer"), "⇧X": () => call("hang_up"),
      n: () => by("notes").focus(),
      s: () => by("script").focus(),
      c: () => (by("unknown").hidden ? by("who").querySelector("a, button")?.focus() : by("find-text").focus()),
      d: () => by("dial-number").focus(),
      "?": () => by("keys").showModal(),
    },
  });
}
