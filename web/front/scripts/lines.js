// Line numbers beside a text, with the lines marked that have problems; Tab indents once Ctrl+M has said so.
import { t } from "../shared/words.js";

export class Lines {
  /** @param {HTMLTextAreaElement} area @param {HTMLElement} gutter @param {HTMLElement} help */
  constructor(area, gutter, help) {
    this.area = area;
    this.gutter = gutter;
    this.help = help;
    this.marked = new Map();
    this.indents = false;
    area.addEventListener("input", () => this.draw());
    area.addEventListener("scroll", () => (gutter.scrollTop = area.scrollTop));
    area.addEventListener("keydown", (event) => this.key(event));
    this.draw();
  }

  /** @param {[number, string][]} places line and severity; the worst of a line comes first */
  mark(places) {
    this.marked = new Map(places.reverse());
    this.draw();
  }

  draw() {
    const count = this.area.value.split("\n").length;
    const lines = Array.from({ length: count }, (_, index) => {
      const line = document.createElement("span");
      line.textContent = String(index + 1);
      line.className = this.marked.get(index + 1) ?? "";
      return line;
    });
    this.gutter.replaceChildren(...lines);
    this.gutter.scrollTop = this.area.scrollTop;
  }

  /** Put the cursor at a place, in the middle of what is seen. */
  go(line, column) {
    const before = this.area.value.split("\n").slice(0, line - 1);
    const at = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
    this.area.focus();
    this.area.setSelectionRange(at, at);
    const height = this.gutter.firstElementChild?.getBoundingClientRect().height ?? 20;
    this.area.scrollTop = Math.max(0, (line - 1) * height - this.area.clientHeight / 2);
  }

  /** Tab leaves the text, as everywhere; who writes much lets it indent. */
  key(event) {
    if (event.key.toLowerCase() === "m" && event.ctrlKey) {
      event.preventDefault();
      this.indents = !this.indents;
      this.help.textContent = t(this.indents ? "scripts.text_indents" : "scripts.text_help");
    } else if (event.key === "Tab" && !event.shiftKey && this.indents) {
      event.preventDefault();
      const { selectionStart: start, selectionEnd: end } = this.area;
      this.area.setRangeText("  ", start, end, "end");
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (event.key === "Enter" && !event.ctrlKey && !event.isComposing) {
      const line = this.area.value.slice(0, this.area.selectionStart).split("\n").at(-1);
      const [indent] = line.match(/^ */);
      if (!indent) return;
      event.preventDefault();
      this.area.setRangeText(`\n${indent}`, this.area.selectionStart, this.area.selectionEnd, "end");
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}
