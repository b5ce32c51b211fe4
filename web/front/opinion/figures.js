// Numbers of opinions as people read them, and colour tokens as the canvas takes them.
import { language } from "../shared/words.js";

const digits = (fewest, more = {}) => new Intl.NumberFormat(language, { minimumFractionDigits: fewest, maximumFractionDigits: fewest, ...more });
const forms = {
  share: { format: (value) => `${digits(1).format(value * 100)}\u00a0%` },
  score: digits(1, { signDisplay: "exceptZero" }),
  fine: digits(2),
  number: digits(1),
  count: digits(0),
};

/**
 * @param {number} value
 * @param {string} shape `share`, `score`, `fine`, `number` or `count`
 */
export const write = (value, shape) => (forms[shape] ?? forms.count).format(value);

/** A colour token as the canvas takes it: `light-dark()` is worked out by a real element. */
export function colour(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
