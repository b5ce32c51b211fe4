// A WebSocket that stays: it comes back by itself, ever more patiently, and asks for sign-in when its session ends.
import { sessionState, signInAgain } from "./session.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15000;
const SESSION_OVER = 4401;
const NOT_YOURS = 4403;

/**
 * Events: `message` (its `detail` is the parsed JSON), `open`, `away` (it is being tried again), `refused` (the role
 * does not allow it; it is not tried again).
 */
export class Socket extends EventTarget {
  #socket = null;
  #wait = FIRST_WAIT;
  #timer = 0;
  #closed = false;
  #path;

  /** @param {string} path of this server, as in `/desk/socket` */
  constructor(path) {
    super();
    this.#path = path;
    addEventListener("online", () => this.#now());
    this.#connect();
  }

  /** Whether it is up. */
  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /**
   * @param {unknown} message anything JSON can hold
   * @returns {boolean} whether it went out
   */
  send(message) {
    if (!this.isOpen) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** End it for good. */
  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connect() {
    if (this.#closed) return;
    const url = new URL(this.#path, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    let opened = false;
    this.#socket = socket;
    socket.addEventListener("open", () => {
      opened = true;
      this.#wait = FIRST_WAIT;
      this.dispatchEvent(new Event("open"));
    });
    socket.addEventListener("message", (event) =>
      this.dispatchEvent(new CustomEvent("message", { detail: JSON.parse(event.data) })));
    socket.addEventListener("close", (event) => this.#gone(event.code, opened));
  }

  async #gone(code, opened) {
    if (this.#closed) return;
    if (code === NOT_YOURS) {
      this.dispatchEvent(new Event("refused"));
      return;
    }
    this.dispatchEvent(new Event("away"));
    // a browser does not say why a socket was refused; the session does
    if (code === SESSION_OVER || (!opened && (await sessionState()) === "ended")) {
      if (await signInAgain()) this.#wait = 0;
      else this.#wait = LONGEST_WAIT;
    }
    this.#timer = setTimeout(() => this.#connect(), this.#wait * (0.75 + Math.random() / 2));
    this.#wait = Math.min(LONGEST_WAIT, Math.max(FIRST_WAIT, this.#wait * 2));
  }

  #now() {
    if (this.#closed || this.#socket?.readyState !== WebSocket.CLOSED) return;
    clearTimeout(this.#timer);
    this.#connect();
  }
}
