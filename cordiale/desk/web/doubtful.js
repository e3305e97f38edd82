// What is doubtful about one boat: what speaks against her reports being of one boat, and which of them are least sure.
import { h } from "./dom.js";
import { percent } from "./format.js";
import { alternative, odds } from "./reports.js";
import { word } from "./words.js";

const AGAINST = -Math.log(3); // a Bayes factor of 3 to 1 against, as the closing of a boat names conflicts
const SURE = 0.9;
const SHOWN = 5;

/** The strongest first; what was refused outright before all. @param {any[]} given */
function conflicts(given) {
  const all = given.flatMap((report) => (report.reasons ?? []).map((/** @type {any} */ reason) => ({ report: report.report, ...reason, factor: reason.log_bayes_factor ?? -Infinity })));
  return all.filter((one) => one.factor <= AGAINST).sort((a, b) => a.factor - b.factor);
}

/** @param {any} one */
const conflict = (one) => h("li", {}, h("span", {}, `${one.report}: ${one.text}`), h("span", { class: "weight" }, odds(one.log_bayes_factor)));

/** @param {any} report */
function unsure(report) {
  const [best] = (report.alternatives ?? []).filter((/** @type {any} */ one) => one.boat !== report.boat);
  return h("li", {}, h("span", {}, `${report.report}: ${percent(report.probability)}`), best ? h("ul", { class: "reasons" }, alternative(best)) : null);
}

/** @param {string} key @param {string} title @param {Node[]} entries */
function part(key, title, entries) {
  if (!entries.length) return [];
  const list = (/** @type {Node[]} */ some) => h("ul", { class: "reasons" }, ...some);
  const rest = entries.slice(SHOWN);
  return [
    h("h3", {}, `${title} (${entries.length})`),
    list(entries.slice(0, SHOWN)),
    rest.length ? h("details", { data: { key } }, h("summary", {}, word("console.watch_rest", { count: rest.length })), list(rest)) : null,
  ];
}

/** Both lists of a boat; nothing where there is no doubt. @param {any} boat @param {any[]} given her reports */
export function doubtful(boat, given) {
  const loose = given.filter((report) => report.probability < SURE).sort((a, b) => a.probability - b.probability);
  const parts = [
    ...part(`against-${boat.boat}`, word("console.against_her"), conflicts(given).map(conflict)),
    ...part(`unsure-${boat.boat}`, word("console.least_sure"), loose.map(unsure)),
  ];
  return parts.length ? h("div", { class: "doubtful" }, ...parts) : null;
}
