// Reports as received, what became of each and why; the log of tasks, requests and decisions.
import { h } from "./dom.js";
import { isAboutABoat } from "./features.js";
import { number, onChart, percent, span, zulu } from "./format.js";
import { decide, rulingList } from "./rulings.js";
import { coded, word } from "./words.js";

/** REAL, SYNTHETIC or LIVE, in letters. @param {string} kind */
export const markTag = (kind) => h("span", { class: "tag mark", data: { mark: kind } }, coded("mark", kind));

/** @param {any} report @param {((boat: string) => void) | null} choose */
function given(report, choose) {
  const chance = typeof report.probability === "number" ? percent(report.probability) : "";
  const disposition = coded("disposition", report.disposition);
  if (!report.boat) return h("p", { class: "given" }, disposition);
  const name = choose
    ? h("button", { class: "link", type: "button", data: { key: `go-${report.report}` }, on: { click: () => choose(report.boat) } }, report.boat)
    : report.boat;
  return h("p", { class: "given" }, word("console.given_to"), " ", name, chance ? `, ${chance}` : "", ` (${disposition})`);
}

/** @param {any} alternative */
export const alternative = (alternative) =>
  h(
    "li",
    {},
    h("span", {}, alternative.boat ? word("console.or_boat", { boat: alternative.boat }) : word("console.or_none")),
    h("span", { class: "weight" }, percent(alternative.probability)),
  );

/** A Bayes factor as odds: 20 to 1 for. @param {number | undefined} log_bayes_factor */
export function odds(log_bayes_factor) {
  if (typeof log_bayes_factor !== "number" || Math.abs(log_bayes_factor) < 0.05) return "";
  const factor = Math.exp(Math.min(Math.abs(log_bayes_factor), Math.log(1000)));
  const shown = factor >= 999.5 ? "> 1000" : number(factor, factor < 9.95 ? 1 : 0);
  return word(log_bayes_factor > 0 ? "console.odds_for" : "console.odds_against", { odds: shown });
}

/** @param {any} reason */
function because(reason) {
  return h("li", {}, h("span", {}, reason.text), h("span", { class: "weight" }, odds(reason.log_bayes_factor)));
}

/** @param {any} report */
function why(report) {
  const reasons = report.reasons ?? [];
  const others = (report.alternatives ?? []).filter((one) => one.boat !== report.boat);
  if (!reasons.length && !others.length) return null;
  return h(
    "details",
    { data: { key: `why-${report.report}` } },
    h("summary", {}, word("console.why")),
    h("ul", { class: "reasons" }, ...reasons.map(because), ...others.slice(0, 4).map(alternative)),
  );
}

/** One report. @param {any} report @param {((boat: string) => void) | null} choose */
export function reportEntry(report, choose) {
  const place = onChart(report) || word("console.no_position");
  const flags = (report.flags ?? []).map((flag) => h("span", { class: "tag", data: { level: "caution" } }, coded("flag", flag)));
  const parts = report.mark?.synthetic_parts ?? [];
  return h(
    "li",
    { class: report.provisional ? "entry provisional" : "entry", id: `report-${report.report}`, tabindex: "-1" },
    h(
      "div",
      { class: "head" },
      h("span", { class: "when" }, span(report.event_from, report.event_until)),
      h("span", {}, `${coded("kind", report.kind)} · ${report.centre}`),
      markTag(report.mark?.kind ?? "LIVE"),
      report.provisional ? h("span", { class: "tag", data: { level: "caution" } }, word("console.provisional_tag")) : null,
      ...flags,
    ),
    h("p", { class: "said" }, report.summary || ""),
    h("p", { class: "given" }, `${report.report} · ${place} · ${word("console.received_at", { time: zulu(report.received) })}`),
    parts.length ? h("p", { class: "given" }, word("console.synthetic_parts", { parts: parts.map((part) => coded("part", part)).join(", ") })) : null,
    report.mark?.source && h("p", { class: "given" }, word("console.source", { source: report.mark.source })),
    isAboutABoat(report) ? given(report, choose) : null,
    why(report),
    isAboutABoat(report) && !report.provisional ? decide(report) : null,
  );
}

/** @param {string} title @param {any[]} reports @param {(boat: string) => void} choose @param {string} [note] */
function section(title, reports, choose, note) {
  if (!reports.length) return [];
  return [h("h3", {}, `${title} (${reports.length})`), note ? h("p", {}, note) : null, h("ol", {}, ...reports.map((report) => reportEntry(report, choose)))];
}

/** What arrived since the picture, and where a picture overruled what was shown. @param {any} picture @param {any} live @param {(boat: string) => void} choose */
function sinceThePicture(picture, live, choose) {
  const known = new Set(picture.reports.map((report) => report.report));
  const early = (live?.reports ?? []).filter((report) => !known.has(report.report)).reverse();
  const parted = live?.parted ?? [];
  return [
    ...section(word("console.provisional"), early, choose, live?.note),
    ...(parted.length ? [h("h3", {}, word("console.parted")), h("ul", { class: "reasons" }, ...parted.map((one) => h("li", {}, one.text)))] : []),
  ];
}

/** New ones first, then reports given to no boat, then all others, newest on top. @param {any} picture @param {(boat: string) => void} choose @param {any} [live] */
export function reportLists(picture, choose, live) {
  const since = sinceThePicture(picture, live, choose);
  const newest = [...picture.reports].reverse();
  const about = newest.filter(isAboutABoat);
  const loose = about.filter((report) => !report.boat);
  const rest = about.filter((report) => report.boat);
  if (!newest.length && !since.length) return h("p", { class: "empty" }, word("console.no_reports"));
  return h(
    "div",
    { class: "lists", data: { scroll: "reports" } },
    ...[
      ...since,
      ...section(word("console.unassigned"), loose, choose, word("console.unassigned_note")),
      ...section(word("console.assigned"), rest, choose),
      ...section(word("console.about_craft"), newest.filter((report) => !isAboutABoat(report)), choose),
    ].filter(Boolean),
  );
}

/** Tasks, requests, decisions. @param {any} picture */
export function logList(picture) {
  const entries = [...(picture.log ?? [])].reverse();
  const rulings = rulingList(picture.rulings ?? []);
  if (!entries.length && !rulings) return h("p", { class: "empty" }, word("console.no_log"));
  const list = h(
    "ol",
    {},
    ...entries.map((entry) =>
      h(
        "li",
        { class: "entry" },
        h("div", { class: "head" }, h("span", { class: "when" }, zulu(entry.at)), h("span", {}, coded("kind", entry.kind)), markTag(markOf(entry))),
        h("p", { class: "said" }, entry.summary),
        entry.mark?.source && h("p", { class: "given" }, word("console.source", { source: entry.mark.source })),
      ),
    ),
  );
  return h("div", { class: "lists", data: { scroll: "log" } }, rulings, list);
}

/** @param {any} entry */
const markOf = (entry) => (typeof entry.mark === "string" ? entry.mark : (entry.mark?.kind ?? "LIVE"));
