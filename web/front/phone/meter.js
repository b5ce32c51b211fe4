/** How loud it is, 0 to 1, as an ear would say: silence is 0, a person speaking up is near 1. */

const FLOOR_DB = -60;
const LOUD_DB = -12;

/** Measures one stream at a time, through an audio context that several share. */
export class Meter {
  #context;
  #analyser;
  #source = null;
  #stream = null;
  #samples;

  /** @param {AudioContext} context */
  constructor(context) {
    this.#context = context;
    this.#analyser = context.createAnalyser();
    this.#analyser.fftSize = 1024;
    this.#samples = new Float32Array(this.#analyser.fftSize);
  }

  /** @param {MediaStream | null} stream what to measure from now on */
  listen(stream) {
    if (stream === this.#stream) return;
    this.#source?.disconnect();
    this.#stream = stream;
    this.#source = stream?.getAudioTracks().length ? this.#context.createMediaStreamSource(stream) : null;
    this.#source?.connect(this.#analyser);
  }

  /** @returns {number} how loud it is just now */
  get level() {
    if (!this.#source) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return loudness(this.#samples);
  }
}

/**
 * @param {Float32Array} samples from -1 to 1
 * @returns {number}
 */
export function loudness(samples) {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const decibels = power ? 10 * Math.log10(power) : -Infinity;
  return Math.min(1, Math.max(0, (decibels - FLOOR_DB) / (LOUD_DB - FLOOR_DB)));
}
