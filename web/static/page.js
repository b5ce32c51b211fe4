// Keeps the page alive: the board of live calls by server-sent events, the last calls and the drawings by
// fetching their fragment again when something ended. All text goes in by textContent, never as markup.
const $ = (id) => document.getElementById(id);
const seconds = (since) => Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1000));
const clock = (s) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;

let ended = null;
let drawn = 0;

function cell(row, text, cls = "") {
  const td = row.insertCell();
  td.textContent = text;
  td.className = cls;
  return td;
}

function showBoard(board) {
  $("away").hidden = Boolean(board.node);
  $("live-count").textContent = board.live;
  $("started-count").textContent = board.started;
  $("ended-count").textContent = board.ended;
  const body = $("live").tBodies[0];
  const rows = board.calls.map((call) => {
    const row = document.createElement("tr");
    const who = cell(row, "");
    const way = document.createElement("span");
    way.className = "way";
    way.textContent = call.direction === "inbound" ? "↘" : "↗";
    way.title = call.direction === "inbound" ? "the customer called" : "we called";
    who.append(way, call.who || "withheld");
    cell(row, call.flow);
    cell(row, call.step || "ringing", call.step ? "pulse" : "quiet");
    cell(row, clock(seconds(call.since)), "number");
    return row;
  });
  body.replaceChildren(...rows);
  $("no-live").hidden = rows.length > 0;
  if (ended !== board.ended) {
    ended = board.ended;
    refresh("last-calls", "/fragments/last-calls");
  }
  if (Date.now() - drawn > 3000) {
    drawn = Date.now();
    draw();
  }
}

const under = new Set();
async function refresh(id, url) {
  if (under.has(id)) return;
  under.add(id);
  try {
    const answer = await fetch(url);
    if (answer.ok) $(id).innerHTML = await answer.text();
  } finally {
    setTimeout(() => under.delete(id), 700);
  }
}

function draw() {
  const chosen = document.querySelector('.tabs [aria-selected="true"]');
  if (chosen) refresh("drawing", `/flows/${encodeURIComponent(chosen.dataset.flow)}.svg`);
}

document.querySelectorAll(".tabs [role=tab]").forEach((tab, index, all) => {
  tab.addEventListener("click", () => {
    all.forEach((other) => {
      other.setAttribute("aria-selected", String(other === tab));
      other.tabIndex = other === tab ? 0 : -1;
    });
    under.delete("drawing");
    draw();
  });
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = all[(index + step + all.length) % all.length];
    next.focus();
    next.click();
  });
});

const events = new EventSource("/live");
events.addEventListener("board", (event) => showBoard(JSON.parse(event.data)));
events.addEventListener("error", () => { $("away").hidden = false; });
