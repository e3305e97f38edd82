// Every word of the page comes from the catalogues of the house, served as /words/<language>.json.

/** @type {Record<string, string>} */
let catalogue = {};
/** @type {"en" | "fr"} */
let language = "en";
/** Keys that were asked for and are not in the catalogue; the tests expect none. */
export const missing = new Set();

/**
 * Load one language; the page keeps the old one if this fails.
 * @param {"en" | "fr"} wanted
 */
export async function loadWords(wanted) {
  const answer = await fetch(`/words/${wanted}.json`);
  if (!answer.ok) throw new Error(`/words/${wanted}.json: ${answer.status}`);
  catalogue = await answer.json();
  language = wanted;
  document.documentElement.lang = wanted;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-word-label]")) {
    const label = word(element.dataset.wordLabel);
    element.setAttribute("aria-label", label);
    if (element.tagName === "BUTTON") element.title = label;
  }
}

/** @returns {"en" | "fr"} */
export const currentLanguage = () => language;

/**
 * The text of a key with {name} filled in.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function word(key, values = {}) {
  const text = catalogue[key];
  if (text === undefined) {
    missing.add(key);
    return key;
  }
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * The text of a code such as a report kind or a boat state; an unknown code shows itself with blanks for underscores.
 * @param {string} section
 * @param {string | null | undefined} code
 */
export function coded(section, code) {
  if (!code) return word("console.unknown");
  return catalogue[`console.${section}.${code}`] ?? code.replaceAll("_", " ");
}
