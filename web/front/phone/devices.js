/** Which microphone and which loudspeaker: what there is, and what was chosen, which this browser remembers. */

const KEPT = "centralino.phone.devices";

/** Tells `change` when the choice or what is there changed. */
export class Devices extends EventTarget {
  #chosen = read();

  constructor() {
    super();
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#tell());
  }

  /** The chosen microphone's id, "" for the system's own. */
  get input() {
    return this.#chosen.input;
  }

  /** The chosen loudspeaker's id, "" for the system's own. */
  get output() {
    return this.#chosen.output;
  }

  /**
   * Choose one.
   * @param {"input" | "output"} kind
   * @param {string} id
   */
  choose(kind, id) {
    this.#chosen = { ...this.#chosen, [kind]: id };
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.#chosen));
    } catch {
      // a browser that keeps nothing asks again tomorrow
    }
    this.#tell();
  }

  /**
   * What there is. Browsers tell names only once the microphone was allowed.
   * @returns {Promise<{input: {id: string, name: string}[], output: {id: string, name: string}[]}>}
   */
  async list() {
    const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    const of = (kind) =>
      all
        .filter((each) => each.kind === kind && each.deviceId && each.deviceId !== "default")
        .map((each) => ({ id: each.deviceId, name: each.label }));
    return { input: of("audioinput"), output: of("audiooutput") };
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return { input: String(kept.input ?? ""), output: String(kept.output ?? "") };
  } catch {
    return { input: "", output: "" };
  }
}
