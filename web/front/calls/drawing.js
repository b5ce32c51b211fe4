// The size of the drawn flow: fitted to the width at first where that can be read, else at its own size.
const box = document.getElementById("drawing");
const READABLE = 0.75;
const STEP = 1.25;
let shown = null;
let zoom = null; // of its own size; null: fitted to the width

const natural = (svg) => svg.viewBox.baseVal.width || svg.width.baseVal.value;
const fitting = (svg) => box.clientWidth / natural(svg);

// Call it when a drawing was put in: gives it the chosen size. Without one a wide flow scrolls rather than shrinks.
export function drawn() {
  const svg = box.querySelector("svg");
  if (!svg) return;
  const scale = zoom ?? Math.min(1, Math.max(READABLE, fitting(svg)));
  svg.style.maxWidth = "none";
  svg.style.width = `${natural(svg) * scale}px`;
  svg.style.height = "auto";
  if (svg.querySelector("title")?.textContent !== shown) begin(svg);
}

// A flow seen for the first time is shown from where its calls begin.
function begin(svg) {
  shown = svg.querySelector("title")?.textContent;
  const first = svg.querySelector("[data-step]")?.getBoundingClientRect();
  const ours = box.getBoundingClientRect();
  box.scrollTop = 0;
  if (first) box.scrollLeft += first.left + first.width / 2 - ours.left - ours.width / 2;
}

function change(how) {
  const svg = box.querySelector("svg");
  if (!svg) return;
  const now = svg.getBoundingClientRect().width / natural(svg);
  const wanted = { in: now * STEP, out: now / STEP, fit: fitting(svg) }[how];
  zoom = Math.min(3, Math.max(0.2, wanted));
  drawn();
}

document.querySelectorAll("[data-zoom]").forEach((button) =>
  button.addEventListener("click", () => change(button.dataset.zoom)));
addEventListener("resize", drawn);
drawn();
