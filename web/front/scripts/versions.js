// The versions of a script: what differs from the text in the editor, and rolling back.
import { ask } from "../shared/ask.js";
import { tell } from "../shared/tell.js";

/** @param {import("./editor.js").Editor} editor */
export function wireVersions(editor) {
  document.getElementById("panel-versions").addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    const { compare, rollback } = button?.dataset ?? {};
    try {
      if (compare) {
        const json = { text: editor.text, version: compare };
        document.getElementById("difference").innerHTML = await ask(`${editor.path}/compare`, { json, headers: { Accept: "text/html", "HX-Request": "true" } });
      } else if (rollback) {
        await ask(`${editor.path}/rollback`, { json: { version: rollback } });
        editor.saved = editor.text;
        location.reload();
      }
    } catch (problem) {
      tell(problem.message, { bad: true });
    }
  });
}
