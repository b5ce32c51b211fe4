// What the page knows: told by the socket, heard by whoever draws a part of it.
import { Socket } from "../shared/socket.js";
import { ask } from "../shared/ask.js";
import { tab } from "./server.js";

/**
 * Events: `presence`, `call` (another call is at hand, or none), `card` (its customer's card has come), `talk`,
 * `note` (something beside the talk's state, told once), `queues`, `tab`, `away` (whether the server and the voice core are heard).
 */
export class Model extends EventTarget {
  /** Where the agent stands; null while nobody knows. @type {any} */
  presence = null;
  /** The call at hand; `ready` once its card is there. @type {any} */
  call = null;
  /** How the talk stands, as the voice core says. @type {any} */
  talk = null;
  /** What was told last beside it. @type {any} */
  note = null;
  queues = null;
  pauses = [];
  /** Whether this tab steers. */
  steers = true;
  connected = false;
  coreHeard = true;
  /** Server time minus ours, in milliseconds. */
  skew = 0;
  greeted = false;
  #socket = new Socket("/desk/live");
  #fresh = true;
  #tries = 0;
  #noted = "";

  constructor() {
    super();
    this.#socket.addEventListener("open", () => {
      this.#socket.send({ tab, fresh: this.#fresh });
      this.#fresh = false;
    });
    this.#socket.addEventListener("message", (event) => this.#heard(event.detail));
    this.#socket.addEventListener("away", () => {
      this.connected = false;
      this.#tell("away");
      // a handshake that is refused says nothing; a question asks for the password if that is why
      if (++this.#tries > 1) ask("/session").catch(() => {});
    });
  }

  /** The server's clock now, in milliseconds. */
  now() {
    return Date.now() + this.skew;
  }

  /** This tab is to steer. */
  take() {
    this.#socket.send({ take: true });
  }

  /** Another call, or the same with more known of it. @param {any} shown */
  show(shown) {
    const before = this.call?.call;
    this.call = shown;
    if (before !== shown?.call) this.#tell("call");
    if (shown?.ready) this.#tell("card");
  }

  /** Something was said of the call at hand; it goes when its wrap-up ends. */
  said() {
    if (!this.call) return;
    this.call.said = true;
    if (!this.presence.call) this.done();
  }

  /** No call is at hand any more. */
  done() {
    this.call = null;
    this.#tell("call");
  }

  #heard({ kind, about }) {
    const hears = {
      hello: () => this.#hello(about),
      presence: () => this.#stands(about),
      pop: () => about.call !== this.call?.call && this.show({ call: about.call, pop: about, ready: false, at: about.at }),
      card: () => this.show({ ...about, said: Boolean(about.hand.said), pop: this.call?.call === about.call ? this.call.pop : undefined, ready: true }),
      card_away: () => this.show({ call: about.call, pop: this.call?.pop, ready: false, away: true }),
      talk: () => this.#talks(about),
      queues: () => { this.queues = about; this.#tell("queues"); },
      tab: () => { this.steers = about.steers === tab; this.#tell("tab"); },
      core: () => { this.coreHeard = about.heard; this.#tell("away"); },
    };
    hears[kind]?.();
  }

  #talks(about) {
    this.talk = about.state === "over" ? null : about;
    this.#tell("talk");
    const note = JSON.stringify([about.call, about.note ?? {}]); // a talk that changes otherwise keeps its note
    if (note === this.#noted) return;
    this.#noted = note;
    this.note = about.note ?? null;
    this.#tell("note");
  }

  #hello(about) {
    this.skew = new Date(about.now).getTime() - Date.now();
    this.connected = true;
    this.#tries = 0;
    this.steers = about.steers === tab;
    this.pauses = about.pauses;
    this.talk = about.talk;
    this.greeted = true;
    this.#stands(about.presence);
    this.#tell("talk");
    this.#tell("tab");
    this.#tell("away");
  }

  #stands(presence) {
    this.presence = presence ?? { state: "offline", call: "", reason: "sign_out" };
    this.#tell("presence");
    const call = this.presence.call;
    if (call && call !== this.call?.call && this.presence.state !== "reserved") setTimeout(() => this.#catchUp(call), 400);
    // a talk of which nothing was said stays in sight until it is, or the next one comes
    if (!call && this.call && (this.call.said || !this.call.hand || !this.steers)) this.done();
  }

  /** A call of which no pop came, as after a transfer or an outage. */
  async #catchUp(call) {
    if (this.presence.call !== call || this.call?.call === call) return;
    const shown = await ask("/desk/call").catch(() => null);
    if (shown && this.presence.call === shown.call && this.call?.call !== call) this.show({ ...shown, said: Boolean(shown.hand.said), ready: true });
  }

  #tell(what) {
    this.dispatchEvent(new Event(what));
  }
}
