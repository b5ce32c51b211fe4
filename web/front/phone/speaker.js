/** Where the far end is heard: an audio element of its own, on the loudspeaker that was chosen. */
export class Speaker {
  #audio = new Audio();
  #waits = false;

  constructor() {
    this.#audio.autoplay = true;
  }

  /** Whether this browser lets one choose. */
  static get choosable() {
    return "setSinkId" in HTMLMediaElement.prototype;
  }

  /** What is heard; null when nothing is. */
  get stream() {
    return /** @type {MediaStream | null} */ (this.#audio.srcObject);
  }

  /** @param {MediaStream | null} stream */
  play(stream) {
    this.#audio.srcObject = stream;
    if (stream) this.#begin();
  }

  /** @param {string} chosen a device's id, "" for the system's own; one that is gone is passed over */
  async use(chosen) {
    if (!Speaker.choosable) return;
    try {
      await this.#audio.setSinkId(chosen);
    } catch {
      if (chosen) await this.use("");
    }
  }

  /** A browser that wants a person to touch the page first gets its sound at the first touch. */
  async #begin() {
    try {
      await this.#audio.play();
    } catch (problem) {
      if (problem.name !== "NotAllowedError" || this.#waits) return;
      this.#waits = true;
      const again = () => {
        this.#waits = false;
        for (const kind of ["pointerdown", "keydown"]) removeEventListener(kind, again, true);
        this.#begin();
      };
      for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, again, true);
    }
  }
}
