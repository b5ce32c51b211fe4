/** A telephone in the browser: SIP over a WebSocket, voice by WebRTC. */

import JsSIP from "jssip";
import { Devices } from "./devices.js";
import { Meter } from "./meter.js";
import { Microphone, whenAllowed } from "./microphone.js";
import { Pulse } from "./pulse.js";
import { Speaker } from "./speaker.js";

/** How long a registration holds, in seconds; it is renewed before. */
const EXPIRES = 60;
/** How soon a lost connection is tried again, in seconds: at first, and at most. */
const SOON = 1;
const LATE = 4;
const LEVEL_MS = 100;
const KEY_MS = 110;
const GAP_MS = 90;
const BUSY = 486;

/**
 * @typedef {"off" | "connecting" | "registered" | "in_call" | "network_lost" | "microphone_refused"} PhoneState
 * `registered`: it can be rung. `in_call`: its line is up. `microphone_refused`: `problem` says why.
 *
 * @typedef {{user: string, name: string}} Caller who rings: the number, and the name shown with it
 */

/**
 * Events: `state` (detail: the state), `level` (detail: `{in, out}` from 0 to 1, while `meter` is on), `muted`,
 * `ended` (the line went; detail: why), `other` (detail: `ringing`, `up` or `over` of a call beside the line) and
 * `incoming` (detail: `{caller, accept, decline}`, only with `rings`).
 */
export class Phone extends EventTarget {
  /** @type {PhoneState} */
  state = "off";
  /** More of a state: `refused`, `absent`, `busy`, `insecure` of the microphone; `account`; `elsewhere`. */
  problem = "";
  muted = false;

  #account;
  #answers;
  #rings;
  #iceServers;
  #ua = null;
  #socket = null;
  #line = null;
  #other = null;
  #registered = false;
  /** The computer has lost its network since we last heard from the switch. */
  #offline = false;
  #microphone = new Microphone();
  #speaker = new Speaker();
  #pulse = new Pulse();
  #meters = null;
  #timer = 0;

  /**
   * @param {object} account as `GET /desk/phone` gives it
   * @param {string} account.socket where to connect, `wss://…`
   * @param {string} account.uri who we are, `sip:agent01-web@centralino`
   * @param {string} account.password
   * @param {RTCIceServer[]} [account.iceServers] how a browser behind a wall is reached
   * @param {Devices} [account.devices] which microphone and loudspeaker
   * @param {(caller: Caller) => boolean} [account.answers] which calls it picks up by itself; unless told
   *   otherwise the line that the voice core rings, and no other
   * @param {boolean} [account.rings] whether all other calls are told of by `incoming`; else they get a busy tone
   */
  constructor({ socket, uri, password, devices, iceServers = [], answers = isLine, rings = false }) {
    super();
    this.devices = devices ?? new Devices();
    this.#account = { socket, uri, password };
    this.#iceServers = iceServers;
    this.#answers = answers;
    this.#rings = rings;
    this.devices.addEventListener("change", () => this.#changeDevices());
    this.#microphone.addEventListener("lost", () => this.#changeDevices(true));
    this.#pulse.addEventListener("stalled", () => this.#show());
    this.#pulse.addEventListener("flows", () => this.#show());
    this.#pulse.addEventListener("dead", () => this.#connect());
    addEventListener("offline", () => this.#isOffline(true));
    addEventListener("online", () => this.#online());
    whenAllowed(() => this.state === "microphone_refused" && this.start());
  }

  /** Open the microphone and connect. What stands in the way is told by the state. */
  async start() {
    this.#turn("connecting");
    if (!(await this.#open())) return;
    await this.#speaker.use(this.devices.output);
    this.#connect();
  }

  /**
   * Be rung no more. A call that is up is hung up, except when the telephone goes on elsewhere (`"elsewhere"`): there
   * the voice core joins it again.
   * @param {"" | "elsewhere"} [why] shown as the problem
   */
  stop(why = "") {
    this.#disconnect(why !== "elsewhere");
    this.#microphone.close();
    this.#turn("off", why);
  }

  /** @param {boolean} on nothing is heard of us while on; the line stays up */
  mute(on) {
    this.muted = on;
    this.#microphone.mute(on);
    this.dispatchEvent(new CustomEvent("muted", { detail: on }));
  }

  /** Press keys on what is up. @param {string} digits */
  press(digits) {
    const session = this.#other ?? this.#line;
    session?.sendDTMF(digits, { transportType: "RFC2833", duration: KEY_MS, interToneGap: GAP_MS });
  }

  /**
   * Ring somebody beside the line: an echo, the service number.
   * @param {string} who the number
   * @returns {boolean} whether it is being rung; not while another such call is on, or the network is away
   */
  ring(who) {
    if (!this.#registered || this.#other) return false;
    const host = this.#account.uri.slice(this.#account.uri.indexOf("@") + 1);
    this.#beside(this.#ua.call(`sip:${who}@${host}`, this.#media()));
    return true;
  }

  /** Hang up what was rung beside the line. The line itself stays up. */
  hangUp() {
    if (this.#other && !this.#other.isEnded()) this.#other.terminate();
  }

  /** Tell `level` from now on, or no more. @param {boolean} on */
  meter(on) {
    clearInterval(this.#timer);
    if (!on) return;
    this.#meters ??= newMeters();
    this.#timer = setInterval(() => this.#tellLevels(), LEVEL_MS);
  }

  /** What is up, for who wants to know its figures; null when nothing is. @returns {RTCPeerConnection | null} */
  get connection() {
    return (this.#other ?? this.#line)?.connection ?? null;
  }

  // Connecting.

  #connect() {
    const before = this.state;
    this.#disconnect(false);
    this.#socket = new JsSIP.WebSocketInterface(this.#account.socket);
    const ua = new JsSIP.UA({
      sockets: [this.#socket],
      uri: this.#account.uri,
      password: this.#account.password,
      register_expires: EXPIRES,
      connection_recovery_min_interval: SOON,
      connection_recovery_max_interval: LATE,
      session_timers: false,
      user_agent: "Centralino",
    });
    this.#ua = ua;
    const mine = (act) => (event) => ua === this.#ua && act(event);
    ua.on("registered", mine(() => this.#isRegistered(true)));
    ua.on("unregistered", mine(() => this.#isRegistered(false)));
    ua.on("registrationFailed", mine((event) => this.#refused(event)));
    ua.on("disconnected", mine(() => this.#isRegistered(false)));
    ua.on("newRTCSession", mine((event) => event.originator === "remote" && this.#rung(event)));
    ua.start();
    this.#turn(before === "connecting" ? "connecting" : "network_lost");
  }

  #disconnect(politely) {
    const [ua, socket] = [this.#ua, this.#socket];
    this.#ua = this.#socket = null;
    this.#registered = false;
    this.#pulse.stop();
    if (!politely) {
      socket?.disconnect();
      for (const session of [this.#line, this.#other]) session?.connection?.close();
    }
    this.#line = this.#other = null;
    this.#speaker.play(null);
    ua?.stop();
  }

  #isRegistered(so) {
    this.#registered = so;
    if (so) this.#offline = false;
    if (!so && this.state === "connecting") this.#turn("network_lost");
    else this.#show();
  }

  #refused({ response }) {
    const refused = response && response.status_code >= 400 && response.status_code < 500;
    if (refused && response.status_code !== 408) {
      this.#disconnect(false);
      this.#turn("off", "account");
    } else {
      this.#isRegistered(false);
    }
  }

  #isOffline(so) {
    this.#offline = so;
    this.#show();
  }

  #online() {
    this.#offline = false;
    if (!this.#ua) return;
    if (this.#pulse.stalled || !this.#ua.isConnected()) this.#connect();
    else this.#show();
  }

  // Talking.

  #rung({ session, request }) {
    const caller = { user: request.from.uri.user ?? "", name: request.from.display_name ?? "" };
    if (this.#answers(caller)) {
      this.#answerLine(session);
    } else if (this.#rings && !this.#other) {
      this.#beside(session);
      const accept = () => session.answer(this.#media());
      const decline = () => session.terminate({ status_code: BUSY });
      this.dispatchEvent(new CustomEvent("incoming", { detail: { caller, accept, decline } }));
    } else {
      session.terminate({ status_code: BUSY });
    }
  }

  #answerLine(session) {
    this.#line?.connection?.close(); // the core rings anew only when the one before is gone
    this.#line = session;
    this.#follow(session, (event) => {
      if (this.#line !== session) return;
      this.#line = null;
      this.#show();
      this.dispatchEvent(new CustomEvent("ended", { detail: event.cause ?? "" }));
    });
    session.answer(this.#media());
  }

  #beside(session) {
    this.#other = session;
    const tell = (how) => this.dispatchEvent(new CustomEvent("other", { detail: how }));
    session.on("accepted", () => tell("up"));
    this.#follow(session, () => {
      if (this.#other !== session) return;
      this.#other = null;
      this.#speaker.play(heardOf(this.#line));
      this.#show();
      tell("over");
    });
    tell("ringing");
  }

  /** What every session needs: no waiting for candidates nobody needs, its voice, and word of its end. */
  #follow(session, over) {
    session.on("icecandidate", (event) => event.ready());
    session.on("ended", over);
    session.on("failed", over);
    session.on("confirmed", () => this.#show());
    const hear = (connection) =>
      connection.addEventListener("track", ({ track }) => this.#speaker.play(new MediaStream([track])));
    if (session.connection) hear(session.connection);
    else session.on("peerconnection", ({ peerconnection }) => hear(peerconnection));
  }

  #media() {
    return { mediaStream: this.#microphone.stream, pcConfig: { iceServers: this.#iceServers } };
  }

  // Microphone and loudspeaker.

  async #open() {
    try {
      await this.#microphone.open(this.devices.input);
      return true;
    } catch (problem) {
      this.#turn("microphone_refused", problem.reason ?? "busy");
      return false;
    }
  }

  async #changeDevices(lost = false) {
    if (this.state === "microphone_refused" && this.problem === "absent") {
      await this.start();
      return;
    }
    await this.#speaker.use(this.devices.output);
    const wanted = this.devices.input;
    if (!this.#microphone.stream || (!lost && (!wanted || wanted === this.#microphone.device))) return;
    if (!(await this.#open())) return;
    const [track] = this.#microphone.stream.getAudioTracks();
    for (const session of [this.#line, this.#other]) {
      session?.connection?.getSenders().forEach((sender) => sender.replaceTrack(track));
    }
    this.#show();
  }

  #tellLevels() {
    const { mine, theirs } = this.#meters;
    mine.listen(this.#microphone.stream);
    theirs.listen(this.#speaker.stream);
    const detail = { in: this.muted ? 0 : mine.level, out: theirs.level };
    this.dispatchEvent(new CustomEvent("level", { detail }));
  }

  // Telling.

  #show() {
    if (!this.#ua) return;
    const up = [this.#line, this.#other].find((session) => session?.isEstablished());
    this.#pulse.watch(up?.connection ?? null);
    if (this.#pulse.stalled || (!up && this.#offline)) this.#turn("network_lost");
    else if (up) this.#turn("in_call");
    else if (this.#registered) this.#turn("registered");
    else if (this.state !== "connecting") this.#turn("network_lost");
  }

  #turn(state, problem = "") {
    if (state === this.state && problem === this.problem) return;
    this.state = state;
    this.problem = problem;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}

/** The line that the voice core rings at sign-in shows the number 0, from which nobody else can ring. */
export function isLine({ user }) {
  return user === "0";
}

function newMeters() {
  const context = new AudioContext();
  return { mine: new Meter(context), theirs: new Meter(context) };
}

/** What is heard of a session; null when nothing is. */
function heardOf(session) {
  const tracks = session?.connection?.getReceivers().map((receiver) => receiver.track) ?? [];
  return tracks.length ? new MediaStream(tracks) : null;
}
