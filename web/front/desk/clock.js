// Times that run: how long since, how long until. One timer for the page.

/** @param {number} ms @returns {string} 2:05, 1:02:05 */
export function length(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Call this now and every second. @param {() => void} tick */
export function everySecond(tick) {
  tick();
  setInterval(tick, 1000);
}
