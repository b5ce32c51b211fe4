// Listening, whispering, barging in, taking over: with the supervisor's own telephone.
import { ask } from "../shared/ask.js";
import { tell } from "../shared/tell.js";
import { t } from "../shared/words.js";

const at = (id) => document.getElementById(id);

/** Events: `change`. */
export class Listening extends EventTarget {
  /** Whom we listen at; "" nobody. */
  agent = "";
  /** How: `listens`, `whispers`, `talk`. */
  place = "";
  #me;
  #tables;
  /** @type {any} */
  #phone = null;

  /**
   * @param {{me: string, monitor: boolean}} data
   * @param {import("../shared/tables.js").Tables} tables
   */
  constructor(data, tables) {
    super();
    this.#me = data.me;
    this.#tables = tables;
    at("stop-listening").addEventListener("click", () => this.stop());
    at("phone-on")?.addEventListener("click", () => this.#switchOn());
    if (data.monitor && data.me) this.#look();
  }

  /** @param {string} deed @param {string} agent */
  async do(deed, agent) {
    if (!this.#me) {
      tell(t("supervise.no_agent"), { bad: true });
      return;
    }
    try {
      this.#took(await ask(`/api/v1/agents/${encodeURIComponent(agent)}/supervise/${deed}`, { json: {} }));
    } catch (problem) {
      tell(problem.message, { bad: true });
    }
  }

  /** Listen no more. */
  async stop() {
    try {
      this.#took(await ask("/api/v1/supervise/stop", { json: {} }));
    } catch (problem) {
      tell(problem.message, { bad: true });
    }
  }

  #took({ agent, place }) {
    this.agent = place ? agent : "";
    this.place = place;
    const title = this.#tables.table("agents").get(agent)?.title ?? agent;
    at("listening").hidden = !place;
    at("listening-words").textContent = place ? t(`supervise.place_${place}`, { title }) : "";
    this.dispatchEvent(new Event("change"));
  }

  /** After a reload: whom do we listen at? */
  async #look() {
    try {
      const told = await ask("/api/v1/supervise");
      const mine = told.supervisors.find((each) => each.supervisor === this.#me);
      if (mine) this.#took(mine);
    } catch {
      // the core is away; the page says so elsewhere
    }
  }

  async #switchOn() {
    const problem = at("phone-problem");
    problem.hidden = true;
    at("phone-on").disabled = true;
    try {
      const [{ Phone }, { mountPanel, stateWords }] = await Promise.all([import("../phone/phone.js"), import("../phone/panel.js")]);
      if (!this.#phone) {
        this.#phone = new Phone(await ask("/desk/phone"));
        mountPanel(at("phone-panel"), this.#phone);
        this.#phone.addEventListener("state", () => (at("phone-word").textContent = stateWords(this.#phone)));
      }
      await this.#phone.start();
      const me = `/api/v1/agents/${encodeURIComponent(this.#me)}`;
      await ask(`${me}/sign-in`, { json: {} });
      await ask(`${me}/pause`, { json: { reason: "supervising" } });
      at("phone-on").hidden = true;
    } catch (refused) {
      problem.textContent = refused.message;
      problem.hidden = false;
    } finally {
      at("phone-on").disabled = false;
    }
  }
}
