// What a person decides about which report is about which boat: a small form under each report of one's own record.
import { Problem, sendRuling } from "./desk.js";
import { h } from "./dom.js";
import { zulu } from "./format.js";
import { coded, currentLanguage, word } from "./words.js";

/** What the forms work on; the page sets it with every picture. @type {{picture: any, writable: boolean, onKept: () => void}} */
export const ruled = { picture: null, writable: false, onKept: () => {} };

/** Forms somebody has begun to fill in: they outlive the picture they were built on. @type {Map<string, HTMLFormElement>} */
const begun = new Map();

/** @typedef {{text: string, form: Record<string, any>}} Choice */

/** What can be decided about a report just now. @param {any} report @returns {Choice[]} */
function choices(report) {
  const boats = ruled.picture.boats ?? [];
  const own = boats.find((/** @type {any} */ boat) => boat.boat === report.boat);
  const found = [];
  if (own && own.first_report !== report.report) {
    const pair = { report: report.report, other: own.first_report };
    found.push({ text: word("console.ruling.confirm", { boat: own.boat }), form: { kind: "confirm", ...pair } });
    found.push({ text: word("console.ruling.never", { boat: own.boat }), form: { kind: "never", ...pair } });
  }
  const from = own ? own.reports.indexOf(report.report) : -1;
  if (from > 0) {
    const parts = { before: own.reports.slice(0, from), after: own.reports.slice(from) };
    found.push({ text: word("console.ruling.split", { boat: own.boat }), form: { kind: "split", boat: own.boat, ...parts } });
  }
  const likely = (report.alternatives ?? []).map((/** @type {any} */ one) => one.boat);
  const others = boats.filter((/** @type {any} */ boat) => boat !== own).sort((/** @type {any} */ a, /** @type {any} */ b) => place(likely, a) - place(likely, b));
  for (const boat of others)
    found.push({ text: word("console.ruling.link", { boat: boat.boat }), form: { kind: "link", report: report.report, other: boat.first_report } });
  return found;
}

/** @param {string[]} likely @param {any} boat */
const place = (likely, boat) => (likely.includes(boat.boat) ? likely.indexOf(boat.boat) : likely.length);

/** The form under a report, or nothing on a replay. @param {any} report */
export function decide(report) {
  if (!ruled.writable) return null;
  return box(`decide-${report.report}`, word("console.decide"), () => choices(report));
}

/** What people decided, each with a form to take it back. @param {any[]} rulings */
export function rulingList(rulings) {
  if (!rulings.length) return null;
  return h(
    "section",
    { class: "rulings" },
    h("h3", {}, word("console.rulings", { count: rulings.length })),
    h("ol", {}, ...[...rulings].reverse().map(ruling)),
  );
}

/** @param {any} one */
function ruling(one) {
  const reports = word("console.ruling_of", { before: one.before.join(", "), after: one.after.join(", ") });
  const back = () => [{ text: word("console.ruling.withdraw"), form: { kind: "withdraw", event: one.event } }];
  return h(
    "li",
    { class: "entry" },
    h("div", { class: "head" }, h("span", { class: "when" }, zulu(one.at)), h("span", {}, coded("ruled", one.kind)), one.boat ? h("span", {}, one.boat) : null),
    h("p", { class: "given" }, reports),
    h("p", { class: "said" }, one.reason),
    h("p", { class: "given" }, `${one.event} · ${one.by}`),
    ruled.writable ? box(`back-${one.event}`, word("console.take_back"), back) : null,
  );
}

/** @param {string} key @param {string} title @param {() => Choice[]} offered */
function box(key, title, offered) {
  const cached = begun.get(`${key} ${currentLanguage()}`);
  const options = cached ? [] : offered();
  if (!cached && !options.length) return null;
  return h("details", { class: "decide", data: { key } }, h("summary", {}, title), cached ?? form(key, options));
}

/** @param {string} key @param {Choice[]} options */
function form(key, options) {
  const select = /** @type {HTMLSelectElement} */ (h("select", { name: "choice", "aria-label": word("console.decide"), data: { key: `${key}-choice` } }, ...options.map((one, i) => h("option", { value: i }, one.text))));
  const because = /** @type {HTMLInputElement} */ (h("input", { type: "text", name: "because", required: true, maxlength: 1000, data: { key: `${key}-because` } }));
  const by = /** @type {HTMLInputElement} */ (h("input", { type: "text", name: "by", required: true, maxlength: 60, value: sessionStorage.getItem("role") ?? "", data: { key: `${key}-by` } }));
  const answer = h("div", { class: "answer", role: "status" });
  const made = /** @type {HTMLFormElement} */ (
    h(
      "form",
      { class: "form", autocomplete: "off" },
      select,
      h("label", {}, h("span", {}, word("console.ruling_because")), because, h("span", { class: "help" }, word("console.ruling_because_help"))),
      h("label", {}, h("span", {}, word("console.ruling_by")), by, h("span", { class: "help" }, word("console.ruling_by_help"))),
      h("button", { class: "send", type: "submit" }, word("console.ruling_send")),
      answer,
    )
  );
  made.addEventListener("input", () => begun.set(`${key} ${currentLanguage()}`, made));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    sessionStorage.setItem("role", by.value);
    try {
      await sendRuling({ ...options[Number(select.value)].form, because: because.value, by: by.value });
      begun.delete(`${key} ${currentLanguage()}`);
      ruled.onKept();
    } catch (error) {
      const said = error instanceof Problem ? error.in(currentLanguage()) : { problem: word("console.link_lost"), hint: word("console.link_lost_hint") };
      answer.dataset.kind = "problem";
      answer.replaceChildren(h("p", {}, said.problem), h("p", {}, said.hint));
    }
  });
  return made;
}
