/** Whether voice still comes in: a line that has fallen silent has lost its network, whatever the socket says. */

const EVERY_MS = 500;
/** Asterisk sends something fifty times a second, also to who waits. */
const STALLED_MS = 2500;
/** Asterisk gives a silent line up after ten seconds. */
const DEAD_MS = 11_000;

/** Tells `stalled` when nothing has come for a while, `flows` when it comes again, `dead` when it will not. */
export class Pulse extends EventTarget {
  /** Whether nothing comes in. */
  stalled = false;

  /** @type {RTCPeerConnection | null} */
  #connection = null;
  #timer = 0;
  #packets = -1;
  #since = 0;

  /** @param {RTCPeerConnection | null} connection what to watch from now on; null nothing */
  watch(connection) {
    if (connection === this.#connection) return;
    this.stop();
    if (!connection) return;
    this.#connection = connection;
    this.#packets = -1;
    this.#since = performance.now();
    this.#timer = setInterval(() => this.#look(connection), EVERY_MS);
  }

  /** Watch no more. */
  stop() {
    clearInterval(this.#timer);
    this.#connection = null;
    this.stalled = false;
  }

  /** @param {RTCPeerConnection} connection */
  async #look(connection) {
    const packets = await received(connection);
    if (connection !== this.#connection) return;
    const now = performance.now();
    if (packets !== this.#packets) {
      this.#packets = packets;
      this.#since = now;
      if (this.stalled) this.#turn(false, "flows");
    } else if (!this.stalled && now - this.#since > STALLED_MS) {
      this.#turn(true, "stalled");
    } else if (now - this.#since > DEAD_MS) {
      this.stop();
      this.dispatchEvent(new Event("dead"));
    }
  }

  #turn(stalled, event) {
    this.stalled = stalled;
    this.dispatchEvent(new Event(event));
  }
}

/** @param {RTCPeerConnection} connection */
async function received(connection) {
  let packets = 0;
  for (const report of (await connection.getStats()).values()) {
    if (report.type === "inbound-rtp" && report.kind === "audio") packets += report.packetsReceived;
  }
  return packets;
}
