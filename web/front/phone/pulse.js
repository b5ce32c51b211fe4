/** Whether voice still comes in: a line that has fallen silent has lost its network, whatever the socket says. */

const EVERY_MS = 500;
/** Asterisk sends something fifty times a second, also to who waits. */
const STALLED_MS = 2500;

/** Tells `stalled` when nothing has come for a while, and `flows` when it comes again. */
export class Pulse extends EventTarget {
  #timer = 0;
  #packets = -1;
  #since = 0;
  /** Since when nothing has come, in milliseconds of `performance.now()`; 0 while it flows. */
  stalledSince = 0;

  /** @param {RTCPeerConnection} connection */
  watch(connection) {
    this.stop();
    this.#packets = -1;
    this.#since = performance.now();
    this.#timer = setInterval(() => this.#look(connection), EVERY_MS);
  }

  /** Watch no more. */
  stop() {
    clearInterval(this.#timer);
    this.stalledSince = 0;
  }

  /** @param {RTCPeerConnection} connection */
  async #look(connection) {
    if (connection.connectionState === "closed") return;
    const now = performance.now();
    const packets = await received(connection);
    if (packets !== this.#packets) {
      this.#packets = packets;
      this.#since = now;
      if (this.stalledSince) {
        this.stalledSince = 0;
        this.dispatchEvent(new Event("flows"));
      }
    } else if (!this.stalledSince && now - this.#since > STALLED_MS) {
      this.stalledSince = this.#since;
      this.dispatchEvent(new Event("stalled"));
    }
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
