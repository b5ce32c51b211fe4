// Keeps the page alive: the board of live calls by server-sent events, the last calls and the drawings by
// fetching their fragment again. What people or networks wrote goes in by textContent, or escaped by the server.
import { drawn } from "./drawing.js";
import { localTimes } from "../shared/times.js";

const $ = (id) => document.getElementById(id);
const seconds = (since) => Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1000));
const clock = (s) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
const DRAW_EVERY = 3000;
const RECORDED_AFTER = [100, 1000, 4000];

let ended = null;
let drawnAt = 0;
let board = null;

function cell(row, text, cls = "") {
  const td = row.insertCell();
  td.textContent = text;
  td.title = text;
  td.className = cls;
  return td;
}

function line(call) {
  const row = document.createElement("tr");
  row.dataset.call = call.id;
  const who = cell(row, "");
  const way = document.createElement("span");
  way.className = "way";
  way.textContent = call.direction === "inbound" ? "↘" : "↗";
  way.title = call.direction === "inbound" ? "the customer called" : "we called";
  who.append(way, (call.who || "withheld").replace(/•+/, "•••"));
  cell(row, call.flow);
  cell(row, call.step || "ringing", call.step ? "pulse" : "quiet");
  cell(row, clock(seconds(call.since)), "number");
  return row;
}

function showLive() {
  $("live").tBodies[0].replaceChildren(...board.calls.map(line));
  $("no-live").hidden = board.calls.length > 0;
}

function showBoard(told) {
  board = told;
  away(!board.node);
  $("live-count").textContent = board.node ? board.live : "–";
  $("started-count").textContent = board.node ? board.started : "–";
  $("ended-count").textContent = board.node ? board.ended : "–";
  showLive();
  if (ended !== board.ended && board.node) {
    ended = board.ended;
    // Records are written in groups, a moment after the board has told that the call is over.
    for (const wait of RECORDED_AFTER) setTimeout(refresh, wait, "last-calls", "/calls/last", localTimes);
  }
  if (Date.now() - drawnAt > DRAW_EVERY) {
    drawnAt = Date.now();
    draw();
  }
}

// Each fragment is asked for once at a time; whoever wants it meanwhile gets it once more afterwards.
const under = new Map();
async function refresh(id, url, then) {
  if (under.has(id)) {
    under.set(id, { url, then });
    return;
  }
  under.set(id, null);
  try {
    const answer = await fetch(url);
    const text = answer.ok ? await answer.text() : "";
    if (text && !under.get(id)) {
      $(id).innerHTML = text;
      then($(id));
    }
  } catch {
    away(true); // the server is gone; the event source tries again by itself
  }
  const next = under.get(id);
  under.delete(id);
  if (next) refresh(id, next.url, next.then);
}

function draw() {
  const chosen = document.querySelector('.tabs [aria-selected="true"]');
  if (chosen) refresh("drawing", `/flows/${encodeURIComponent(chosen.dataset.flow)}.svg`, drawn);
}

function away(is) {
  $("away").hidden = !is;
}

document.querySelectorAll(".tabs [role=tab]").forEach((tab, index, all) => {
  tab.addEventListener("click", () => {
    all.forEach((other) => {
      other.setAttribute("aria-selected", String(other === tab));
      other.tabIndex = other === tab ? 0 : -1;
    });
    draw();
  });
  tab.addEventListener("keydown", (event) => {
    const to = {
      ArrowRight: index + 1, ArrowLeft: index - 1 + all.length, Home: 0, End: all.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = all[to % all.length];
    next.focus();
    next.click();
  });
});

const events = new EventSource("/live");
events.addEventListener("board", (event) => showBoard(JSON.parse(event.data)));
events.addEventListener("error", () => away(true));
setInterval(() => board && showLive(), 1000);
