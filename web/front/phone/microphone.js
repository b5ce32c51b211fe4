/** The microphone: opened once and kept warm, so that answering does not wait for it. */

/** What a browser says when it gives none, in our words. */
const REASONS = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Voice as people like it on a telephone. */
const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** There is no microphone for us; `reason` is `refused`, `absent`, `busy` or `insecure`. */
export class MicrophoneError extends Error {
  /** @param {string} reason */
  constructor(reason) {
    super(`no microphone: ${reason}`);
    this.reason = reason;
  }
}

/** Tells `lost` when the one in use was pulled out. */
export class Microphone extends EventTarget {
  /** @type {MediaStream | null} */
  #stream = null;
  #muted = false;

  /** The open microphone; null while there is none. */
  get stream() {
    return this.#stream;
  }

  /** The id of the one that is open; "" while there is none. */
  get device() {
    return this.#stream?.getAudioTracks()[0]?.getSettings().deviceId ?? "";
  }

  /**
   * Open one, the chosen if it is there, else any; one that was open is let go.
   * @param {string} chosen a device's id, "" for the system's own choice
   * @returns {Promise<MediaStream>}
   * @throws {MicrophoneError}
   */
  async open(chosen = "") {
    const fresh = await this.#ask(chosen);
    this.close();
    this.#stream = fresh;
    const [track] = fresh.getAudioTracks();
    track.enabled = !this.#muted;
    track.addEventListener("ended", () => {
      if (this.#stream === fresh) this.dispatchEvent(new Event("lost"));
    });
    return fresh;
  }

  /** Let it go: the browser's sign of a microphone in use goes out. */
  close() {
    const old = this.#stream;
    this.#stream = null;
    old?.getTracks().forEach((track) => track.stop());
  }

  /** @param {boolean} on nothing is heard of us while on; the line stays up */
  mute(on) {
    this.#muted = on;
    this.#stream?.getAudioTracks().forEach((track) => (track.enabled = !on));
  }

  /** @param {string} chosen */
  async #ask(chosen) {
    if (!navigator.mediaDevices?.getUserMedia) throw new MicrophoneError("insecure");
    const wanted = chosen ? { ...VOICE, deviceId: { exact: chosen } } : VOICE;
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: wanted, video: false });
    } catch (problem) {
      const reason = REASONS[problem.name] ?? "busy";
      if (chosen && reason === "absent") return this.#ask("");
      throw new MicrophoneError(reason);
    }
  }
}

/** Call this whenever a person allows the microphone after all. @param {() => void} then */
export async function whenAllowed(then) {
  try {
    const permission = await navigator.permissions.query({ name: "microphone" });
    permission.addEventListener("change", () => permission.state === "granted" && then());
  } catch {
    // a browser that does not tell is asked again by the button
  }
}
