// A word in passing, read aloud by screen readers, gone after a while.
const SHOWN = 6000;

/**
 * @param {string} text
 * @param {{bad?: boolean}} [how]
 */
export function tell(text, { bad = false } = {}) {
  const line = document.createElement("p");
  line.textContent = text;
  line.classList.toggle("bad", bad);
  document.getElementById("tell").append(line);
  setTimeout(() => line.remove(), SHOWN);
}
