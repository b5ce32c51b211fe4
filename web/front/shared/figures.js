// Numbers as people read them, in the page's language; "n/a" for what has no value.
import { language, t } from "./words.js";

const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const shares = [0, 1, 2].map((digits) => new Intl.NumberFormat(language, {
  style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits,
}));
const none = (value) => value === null || value === undefined || Number.isNaN(value);

/** @param {number | null | undefined} value */
export const count = (value) => (none(value) ? t("floor.nothing") : whole.format(value));

/** @param {number | null | undefined} value */
export const rate = (value) => (none(value) ? t("floor.nothing") : fine.format(value));

/**
 * A share from 0 to 1 in per cent.
 * @param {number | null | undefined} value
 * @param {0 | 1 | 2} [digits]
 */
export const share = (value, digits = 0) => (none(value) ? t("floor.nothing") : shares[digits].format(value));

/**
 * Seconds as 0:07, 12:30 or 1:02:03.
 * @param {number | null | undefined} seconds
 */
export function length(seconds) {
  if (none(seconds)) return t("floor.nothing");
  const all = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(all / 60) % 60;
  const hours = Math.floor(all / 3600);
  return hours ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
}
