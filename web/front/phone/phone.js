/** A telephone in the browser: SIP over a WebSocket, voice by WebRTC. */

import JsSIP from "jssip";
import { Devices } from "./devices.js";
import { Meter } from "./meter.js";
import { Microphone } from "./microphone.js";
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
/** A line that has been dead for so long is given up, and begun anew. */
const DEAD_MS = 11_000;

/**
 * @typedef {"off" | "connecting" | "registered" | "in_call" | "network_lost" | "microphone_refused"} PhoneState
 * `registered`: it can be rung. `in_call`: its line is up. `microphone_refused`: see `problem`.
 */

/**
 * Events: `state` (detail: the state), `level` (detail: `{in, out}`, 0 to 1, while a meter is shown), `ended`
 * (detail: why the line went).
 */
export class Phone extends EventTarget {
  /** @type {PhoneState} */
  state = "off";
  /** More of a state: `refused`, `absent`, `busy`, `insecure` of the microphone; `account`; `elsewhere`. */
  problem = "";
  /** Whether the microphone is muted. */
  muted = false;
  /** What else rings or is rung, beside the line: an echo. @type {any} */
  other = null;

  #account;
  #answers;
  #iceServers;
  #ua = null;
  #session = null;
  #registered = false;
  #stalled = false;
  #microphone = new Microphone();
  #speaker = new Speaker();
  #pulse = new Pulse();
  #meters = null;
  #timer = 0;

  /**
   * @param {object} account
   * @param {string} account.socket where to connect, `wss://…`
   * @param {string} account.uri who we are, `sip:agent01-web@centralino`
   * @param {string} account.password
   * @param {Devices} [account.devices] which microphone and loudspeaker
   * @param {RTCIceServer[]} [account.iceServers] how a browser behind a wall is reached
   * @param {(request: {user: string, name: string}) => boolean} [account.answers] which calls it picks up by
   *   itself; unless told otherwise, the line that the voice core rings and no other
   */
  constructor({ socket, uri, password, devices, iceServers = [], answers = isLine }) {
    super();
    this.devices = devices ?? new Devices();
    this.#account = { socket, uri, password };
    this.#iceServers = iceServers;
    this.#answers = answers;
    this.devices.addEventListener("change", () => this.#changeDevices());
    this.#microphone.addEventListener("lost", () => this.#changeDevices(true));
    this.#pulse.addEventListener("stalled", () => this.#stalls(true));
    this.#pulse.addEventListener("flows", () => this.#stalls(false));
    this.#watchNetwork();
  }

  /** Open the microphone and connect. What stands in the way is told by the state. */
  async start() {
    this.#turn("connecting");
    if (!(await this.#open())) return;
    await this.#speaker.use(this.devices.output);
    this.#connect();
  }

  /** Hang up, and be rung no more. @param {string} [why] shown as the problem */
  stop(why = "") {
    this.#disconnect();
    this.#microphone.close();
    this.#turn("off", why);
  }

  /** @param {boolean} on */
  mute(on) {
    this.muted = on;
    this.#microphone.mute(on);
    this.dispatchEvent(new CustomEvent("muted", { detail: on }));
  }

  /** Press keys of the line, or of what else is up. @param {string} digits */
  press(digits) {
    const session = this.other ?? this.#session;
    session?.sendDTMF(digits, { transportType: "RFC2833", duration: KEY_MS, interToneGap: GAP_MS });
  }

  /**
   * Ring somebody: an echo, the service number.
   * @param {string} who the number
   * @returns {any} JsSIP's session, or null when nothing can be rung now
   */
  ring(who) {
    if (!this.#registered || this.other) return null;
    const host = this.#account.uri.slice(this.#account.uri.indexOf("@") + 1);
    const session = this.#ua.call(`sip:${who}@${host}`, {
      mediaStream: this.#microphone.stream,
      pcConfig: { iceServers: this.#iceServers },
      sessionTimersExpires: 3600,
    });
    this.other = session;
    this.#follow(session, () => {
      this.other = null;
      this.#speaker.play(remote(this.#session));
    });
    return session;
  }

  /** Show how loud it is from now on, or no more. @param {boolean} on */
  meter(on) {
    clearInterval(this.#timer);
    if (!on) return;
    this.#meters ??= newMeters();
    this.#timer = setInterval(() => this.#tellLevels(), LEVEL_MS);
  }

  /** The line's connection, for who wants to know its figures; null while it is down. */
  get connection() {
    return (this.other ?? this.#session)?.connection ?? null;
  }

  // Connecting.

  #connect() {
    this.#disconnect();
    const socket = new JsSIP.WebSocketInterface(this.#account.socket);
    const ua = new JsSIP.UA({
      sockets: [socket],
      uri: this.#account.uri,
      password: this.#account.password,
      register_expires: EXPIRES,
      connection_recovery_min_interval: SOON,
      connection_recovery_max_interval: LATE,
      session_timers: false,
      user_agent: "Centralino desk",
    });
    this.#ua = ua;
    const mine = (act) => (event) => ua === this.#ua && act(event);
    ua.on("registered", mine(() => this.#isRegistered(true)));
    ua.on("unregistered", mine(() => this.#isRegistered(false)));
    ua.on("registrationFailed", mine((event) => this.#refused(event)));
    ua.on("disconnected", mine(() => this.#isRegistered(false)));
    ua.on("newRTCSession", mine((event) => event.originator === "remote" && this.#rung(event)));
    ua.start();
  }

  #disconnect() {
    const ua = this.#ua;
    this.#ua = null;
    this.#registered = this.#stalled = false;
    this.#pulse.stop();
    this.#session = this.other = null;
    this.#speaker.play(null);
    ua?.stop();
  }

  #isRegistered(so) {
    this.#registered = so;
    if (so) this.dispatchEvent(new Event("registered"));
    this.#show();
  }

  #refused({ response, cause }) {
    this.#registered = false;
    if (response && cause !== JsSIP.C.causes.REQUEST_TIMEOUT && response.status_code < 500) {
      this.#disconnect();
      this.#turn("off", "account");
    } else {
      this.#show();
    }
  }

  #watchNetwork() {
    addEventListener("offline", () => {
      if (!this.#ua) return;
      this.#stalls(true);
    });
    addEventListener("online", () => this.#ua && this.#connect());
  }

  /** Nothing comes in any more, or it does again. */
  #stalls(so) {
    this.#stalled = so;
    this.#show();
    if (so) setTimeout(() => this.#giveUp(), DEAD_MS - (performance.now() - (this.#pulse.stalledSince || performance.now())));
  }

  /** A dead line is let go; the voice core has done so too, and rings again as soon as we are back. */
  #giveUp() {
    if (this.#ua && this.#pulse.stalledSince && performance.now() - this.#pulse.stalledSince > DEAD_MS - 500) {
      this.#connect();
      this.#show("network_lost");
    }
  }

  // Talking.

  #rung({ session, request }) {
    const caller = { user: request.from.uri.user ?? "", name: request.from.display_name ?? "" };
    if (!this.#answers(caller)) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.#session = session;
    this.#follow(session, (event) => {
      if (this.#session !== session) return;
      this.#session = null;
      this.#pulse.stop();
      this.#stalled = false;
      this.#show();
      this.dispatchEvent(new CustomEvent("ended", { detail: event.cause ?? "" }));
    });
    session.on("confirmed", () => {
      this.#pulse.watch(session.connection);
      this.#show();
    });
    session.answer({ mediaStream: this.#microphone.stream, pcConfig: { iceServers: this.#iceServers } });
  }

  /** What every session needs: no waiting for candidates nobody needs, its voice, and word of its end. */
  #follow(session, over) {
    session.on("icecandidate", (event) => event.ready());
    session.on("ended", over);
    session.on("failed", over);
    const hear = (connection) =>
      connection.addEventListener("track", (event) => this.#speaker.play(event.streams[0] ?? new MediaStream([event.track])));
    if (session.connection) hear(session.connection);
    else session.on("peerconnection", ({ peerconnection }) => hear(peerconnection));
  }

  // The microphone.

  async #open() {
    try {
      await this.#microphone.open(this.devices.input);
      this.#microphone.mute(this.muted);
      return true;
    } catch (problem) {
      this.#turn("microphone_refused", problem.reason ?? "busy");
      return false;
    }
  }

  async #changeDevices(lost = false) {
    await this.#speaker.use(this.devices.output);
    const now = this.#microphone.stream?.getAudioTracks()[0]?.getSettings().deviceId ?? "";
    const wanted = this.devices.input;
    if (!this.#microphone.stream || (!lost && (!wanted || wanted === now))) return;
    if (!(await this.#open())) return;
    const [track] = this.#microphone.stream.getAudioTracks();
    for (const session of [this.#session, this.other]) {
      session?.connection?.getSenders().forEach((sender) => sender.replaceTrack(track));
    }
    this.#show();
  }

  #tellLevels() {
    const { mine, theirs } = this.#meters;
    mine.listen(this.#microphone.stream);
    theirs.listen(this.#speaker.stream);
    this.dispatchEvent(new CustomEvent("level", { detail: { in: this.muted ? 0 : mine.level, out: theirs.level } }));
  }

  // Telling.

  #show(otherwise = "connecting") {
    if (!this.#ua) return;
    if (this.#stalled) this.#turn("network_lost");
    else if (this.#session?.isEstablished()) this.#turn("in_call");
    else if (this.#registered) this.#turn("registered");
    else this.#turn(this.state === "connecting" ? otherwise : "network_lost");
  }

  #turn(state, problem = "") {
    if (state === this.state && problem === this.problem) return;
    this.state = state;
    this.problem = problem;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}

/** The line that the voice core rings at sign-in shows no number but 0, which nobody can ring from. */
export function isLine({ user }) {
  return user === "0";
}

function newMeters() {
  const context = new AudioContext();
  return { mine: new Meter(context), theirs: new Meter(context) };
}

/** What is heard of a session. */
function remote(session) {
  const tracks = session?.connection?.getReceivers().map((receiver) => receiver.track) ?? [];
  return tracks.length ? new MediaStream(tracks) : null;
}
