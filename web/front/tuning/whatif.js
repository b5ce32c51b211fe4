// The forecast beside the tuning: asked when something is changed, before it is applied.
import { ask } from "../shared/ask.js";
import { count, share } from "../shared/figures.js";
import { language, t } from "../shared/words.js";
import { changed, pacing } from "./forms.js";

const CALM = 700;
const FORESEEN = ["mode", "max_abandon", "max_occupancy", "ratio", "lines", "wrap_seconds"];
const fine = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

const inHours = (value) => (value === null ? t("tuning.never") : t("tuning.in_hours", { hours: fine.format(value) }));
const FIGURES = {
  utilisation: [(value) => share(value, 1), 1],
  abandonment: [(value) => share(value, 2), -1],
  list_end: [inHours, -1],
  calls_per_hour: [count, 0],
  connected_per_hour: [count, 1],
};
/** Differences smaller than this part of the value are chance. */
const NOTICEABLE = 0.02;

export class WhatIf {
  #data;
  #form = /** @type {HTMLFormElement} */ (document.getElementById("tune"));
  #bar = /** @type {HTMLProgressElement} */ (document.getElementById("foreseeing"));
  #timer = 0;
  /** @type {AbortController | null} */
  #asking = null;

  /** @param {{campaign: string, settings: Record<string, any>, seconds: number}} data */
  constructor(data) {
    this.#data = data;
    this.#form.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#changes() && this.foresee(), CALM);
    });
    document.getElementById("foresee").addEventListener("click", () => this.foresee());
    document.getElementById("hours").addEventListener("change", () => this.foresee());
  }

  #changes() {
    const different = changed(pacing(this.#form), this.#data.settings);
    return FORESEEN.some((name) => name in different);
  }

  /** Ask, and show what comes. */
  async foresee() {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    const different = changed(pacing(this.#form), this.#data.settings);
    const json = { hours: Number(document.getElementById("hours").value) };
    for (const name of FORESEEN) {
      if (!(name in different)) continue;
      json[name] = different[name] === null && name === "max_abandon" ? undefined : different[name];
    }
    const stop = this.#progress();
    const problem = document.getElementById("what-if-problem");
    try {
      const told = await ask(`/campaigns/${encodeURIComponent(this.#data.campaign)}/what-if`, { json, signal: asking.signal });
      problem.hidden = true;
      this.#show(told);
    } catch (refused) {
      if (asking.signal.aborted) return;
      const known = t(`tuning.problem_${refused.id}`);
      problem.textContent = known.startsWith("tuning.") ? refused.message : known;
      problem.hidden = false;
      document.getElementById("prospects").hidden = true;
    } finally {
      if (this.#asking === asking) stop();
    }
  }

  /** How far it is, by the time that it is given. */
  #progress() {
    const began = performance.now();
    this.#bar.hidden = false;
    const step = setInterval(() => {
      this.#bar.value = Math.min(98, (performance.now() - began) / this.#data.seconds / 10);
    }, 100);
    return () => {
      clearInterval(step);
      this.#bar.hidden = true;
      this.#bar.value = 0;
    };
  }

  #show(told) {
    for (const [figure, [say, better]] of Object.entries(FIGURES)) {
      const row = document.querySelector(`#prospects [data-figure="${figure}"]`);
      row.hidden = told.now[figure] === null && told.changed[figure] === null;
      const means = ["now", "changed"].map((of) => {
        const value = told[of][figure];
        const ranged = value !== null && typeof value === "object";
        const mean = ranged ? value.mean : value;
        const cell = row.querySelector(`[data-of="${of}"]`);
        cell.textContent = say(mean);
        if (ranged && value.low !== null && value.high !== null) {
          const range = document.createElement("small");
          range.textContent = `${say(value.low)} – ${say(value.high)}`;
          cell.append(range);
        }
        return mean;
      });
      const cell = row.querySelector('[data-of="changed"]');
      const difference = (means[1] ?? 0) - (means[0] ?? 0);
      const noticed = Math.abs(difference) > NOTICEABLE * Math.abs(means[0] ?? 0);
      cell.classList.toggle("changed-better", noticed && difference * better > 0);
      cell.classList.toggle("changed-worse", noticed && difference * better < 0);
    }
    document.getElementById("what-if-basis").textContent = t("tuning.basis", { staff: told.staff, left: count(told.contacts_left) });
    document.getElementById("prospects").hidden = false;
  }
}
