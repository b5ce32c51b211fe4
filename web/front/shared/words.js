// The page's words: `t("desk.ready")`, with `{name}` replaced and the form that goes with `count`.

/** @type {Record<string, string | Record<string, string>>} */
const words = JSON.parse(document.getElementById("words")?.textContent || "{}");
export const language = document.documentElement.lang || "en";
const forms = new Intl.PluralRules(language);

/**
 * A text in the page's language; the key itself when the page does not carry it.
 * @param {string} key as in `desk.ready`
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  let text = words[key];
  if (text === undefined || text === null) return key;
  if (typeof text === "object") text = text[forms.select(Number(values.count))] ?? text.other ?? key;
  return text.replace(/\{(\w+)\}/g, (hole, name) => (name in values ? String(values[name]) : hole));
}
