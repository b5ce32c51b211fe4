// For tests: a telephone on a page, its panel, and an ear for marker tones.
import { mountPanel } from "../../web/front/phone/panel.js";
import { Phone } from "../../web/front/phone/phone.js";

const RATE = 48000;

/** The strongest frequency of what comes in, 0 when it is quiet. */
class Ear {
  constructor(track) {
    const context = new AudioContext({ sampleRate: RATE });
    this.analyser = context.createAnalyser();
    this.analyser.fftSize = 8192;
    context.createMediaStreamSource(new MediaStream([track])).connect(this.analyser);
    this.bins = new Float32Array(this.analyser.frequencyBinCount);
  }

  get hertz() {
    this.analyser.getFloatFrequencyData(this.bins);
    const loudest = this.bins.indexOf(Math.max(...this.bins));
    return this.bins[loudest] < -60 ? 0 : (loudest * RATE) / this.analyser.fftSize;
  }
}

window.rig = {
  story: [],

  async phone(account) {
    const began = performance.now();
    const phone = new Phone(account);
    window.phone = phone;
    const note = (what) => this.story.push({ what, at: performance.now() - began });
    phone.addEventListener("state", ({ detail }) => note(detail));
    phone.addEventListener("ended", () => note("ended"));
    const place = document.getElementById("panel") ?? document.querySelector("main").appendChild(document.createElement("section"));
    place.id = "panel";
    place.className = "card";
    mountPanel(place, phone);
    await phone.start();
  },

  /** Wait until a tone is heard for a while. */
  async hears(hertz, lasts = 150, within = 10000) {
    const until = performance.now() + within;
    let ear = null;
    let connection = null;
    let since = 0;
    const heard = new Set();
    while (performance.now() < until) {
      if (phone.connection && phone.connection !== connection) {
        connection = phone.connection;
        ear = new Ear(connection.getReceivers()[0].track);
      }
      const now = ear?.hertz ?? 0;
      heard.add(Math.round(now));
      if (Math.abs(now - hertz) > 15) since = 0;
      else since ||= performance.now();
      if (since && performance.now() - since >= lasts) return true;
      await new Promise((resume) => setTimeout(resume, 20));
    }
    throw new Error(`no ${hertz} Hz, but ${[...heard].slice(-20)}`);
  },
};
