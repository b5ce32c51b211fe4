// Trying a script as the agent: the moves made so far are kept here, and made again whenever the text changes.
import { ask } from "../shared/ask.js";
import { tell } from "../shared/tell.js";
import { RUN, moveOf, replaced } from "./page.js";

export class Trial {
  /** @param {import("./editor.js").Editor} editor */
  constructor(editor) {
    this.editor = editor;
    this.place = document.getElementById("trial");
    this.broken = document.getElementById("trial-broken");
    /** @type {import("./page.js").Move[]} */
    this.moves = [];
    document.getElementById("try-again").addEventListener("click", () => this.begin());
    this.place.addEventListener("click", (event) => {
      const asked = moveOf(event.target);
      if (asked) this.show([...this.moves, asked.move], asked.run);
    });
    this.place.addEventListener("submit", (event) => {
      event.preventDefault();
      this.place.querySelector('[data-how="next"]')?.click();
    });
  }

  begin() {
    this.moves = [];
    return this.show([]);
  }

  /** The text is another one: go the same way through it, as far as it is still there. */
  follow() {
    return this.show(this.moves);
  }

  /** @param {import("./page.js").Move[]} moves @param {Element} [run] the page that was left */
  async show(moves, run) {
    try {
      const { html, moves: taken } = await ask("/scripts/try", { json: { name: this.editor.name, text: this.editor.text, moves } });
      this.broken.hidden = Boolean(html);
      this.place.hidden = !html;
      if (!html) return;
      this.moves = taken;
      if (run?.isConnected) {
        this.place.querySelectorAll(".notice[role=status]").forEach((each) => each.remove());
        replaced(run, html);
      } else this.place.innerHTML = html;
    } catch (problem) {
      tell(problem.message, { bad: true });
    }
  }

  get page() {
    return this.place.querySelector(RUN);
  }
}
