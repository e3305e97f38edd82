// The list of boats, most pressing first, and what is known of the selected one.
import { h } from "./dom.js";
import { age, area, number, onChart, percent, persons, seconds, span, squareKilometres } from "./format.js";
import { doubtful } from "./doubtful.js";
import { finder } from "./find.js";
import { markTag, reportEntry } from "./reports.js";
import { searchedPart } from "./searches.js";
import { level, marksOf } from "./urgency.js";
import { doubtList, watchList } from "./watch.js";
import { coded, word } from "./words.js";

/** @param {any} boat @param {number} containment */
export const areaOf = (boat, containment) => boat.areas?.find((one) => Math.abs(one.containment - containment) < 0.01);

/** @param {any} boat */
function tags(boat) {
  return [
    boat.state && boat.state !== "unknown" && h("span", { class: "tag", data: { level: level(boat.state) } }, coded("state", boat.state)),
    boat.standing && boat.standing !== "active" && h("span", { class: "tag", data: { level: "known" } }, coded("standing", boat.standing)),
    boat.stale && h("span", { class: "tag", data: { level: "caution" } }, word("console.stale")),
  ];
}

/**
 * @param {any} boat @param {any} picture @param {boolean} chosen @param {(boat: string) => void} choose
 */
function row(boat, picture, chosen, choose) {
  const ninety = areaOf(boat, 0.9);
  const marks = marksOf(boat, picture.reports).map(markTag);
  return h(
    "button",
    { class: "boat", type: "button", "aria-pressed": String(chosen), data: { key: `boat-${boat.boat}`, boat: boat.boat }, on: { click: () => choose(boat.boat) } },
    h("span", { class: "name" }, boat.boat, ...tags(boat)),
    h("span", { class: "age", title: word("console.fix_age") }, boat.last_fix ? word("console.ago", { age: age(boat.last_fix.age_s) }) : word("console.no_fix")),
    h("span", { class: "facts" }, persons(boat.persons), " · ", ...marks.flatMap((mark, i) => (i ? [" ", mark] : [mark]))),
    h("span", { class: "area" }, ninety ? `90 %: ${squareKilometres(ninety.area_m2)}` : ""),
  );
}

/** @param {any[]} ordered @param {any} picture @param {string} chosen @param {(boat: string) => void} choose */
export function boatList(ordered, picture, chosen, choose) {
  if (!ordered.length) return h("p", { class: "empty" }, word("console.no_boats"));
  return h(
    "ul",
    { "aria-label": word("console.boats"), data: { scroll: "boats" } },
    ledger(picture.unaccounted),
    doubtList(picture.doubts),
    watchList(picture, choose),
    finder(picture, choose),
    ...ordered.filter((boat) => !isDormant(boat, picture)).map((boat) => h("li", {}, row(boat, picture, boat.boat === chosen, choose))),
    ...dormant(ordered, picture, chosen, choose),
  );
}

/** Whether it may be ashore unseen. @param {any} boat @param {any} picture */
export const isDormant = (boat, picture) => (picture.dormant ?? []).some((/** @type {any} */ one) => one.boat === boat.boat);

/** Below all others, with a word that it is no closure. @param {any[]} ordered @param {any} picture @param {string} chosen @param {(boat: string) => void} choose */
function dormant(ordered, picture, chosen, choose) {
  const group = ordered.filter((boat) => isDormant(boat, picture));
  if (!group.length) return [];
  const why = (/** @type {any} */ boat) => picture.dormant.find((/** @type {any} */ one) => one.boat === boat.boat).text;
  return [
    h("li", { class: "ledger dormant" }, h("strong", {}, word("console.dormant", { count: group.length })), word("console.dormant_note")),
    ...group.map((boat) => h("li", { title: why(boat) }, row(boat, picture, boat.boat === chosen, choose))),
  ];
}

/** People reported less those taken off, as the record counts them. @param {any} unaccounted */
function ledger(unaccounted) {
  if (!unaccounted) return null;
  const { least, most, boats_reported: reported, reports_without_a_boat: loose } = unaccounted;
  const boats = unaccounted.boats && unaccounted.boats.most > unaccounted.boats.least ? `${unaccounted.boats.least}-${unaccounted.boats.most}` : reported;
  return h("li", { class: "ledger" }, h("strong", {}, word("console.unaccounted", { persons: `${number(least)}-${number(most)}` })), word("console.ledger", { boats, loose }));
}

/** Chances in words: nine chances in ten inside 41 km2. @param {any} boat */
function sentence(boat) {
  const [ninety, fifty] = [areaOf(boat, 0.9), areaOf(boat, 0.5)];
  if (!ninety) return word("console.no_area");
  return word("console.nine_in_ten", { ninety: area(ninety.area_m2), fifty: fifty ? area(fifty.area_m2) : "" });
}

/** From the least to the most the last position can be old. @param {any} fix @param {string} at */
function ageRange(fix, at) {
  const oldest = seconds(at) - seconds(fix.event_from);
  return oldest - fix.age_s < 60 ? age(fix.age_s) : word("console.from_to", { least: age(fix.age_s), most: age(oldest) });
}

/** @param {any} boat @param {any} picture */
function figures(boat, picture) {
  const fix = boat.last_fix;
  const rows = [
    [word("console.last_fix"), fix ? `${onChart(fix)}, ${span(fix.event_from, fix.event_until)}` : word("console.no_fix")],
    [word("console.fix_age"), fix ? ageRange(fix, picture.at) : ""],
    [word("console.on_board"), persons(boat.persons)],
    [word("console.area_90"), areaOf(boat, 0.9) ? area(areaOf(boat, 0.9).area_m2) : ""],
    [word("console.area_50"), areaOf(boat, 0.5) ? area(areaOf(boat, 0.5).area_m2) : ""],
    [word("console.ashore"), boat.probability_ashore > 0.005 ? percent(boat.probability_ashore) : ""],
    [word("console.stale_title"), boat.stale ? (boat.stale_because ?? []).join("; ") : ""],
  ];
  return h("dl", { class: "figures" }, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** @param {any} picture */
function sources(picture) {
  const { current, wind } = picture.environment ?? {};
  return [
    current?.source && word("console.current_from", { source: current.source }),
    wind?.source && word("console.wind_from", { source: wind.source }),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** Other names that she goes by: the one she was asked for, and those that decisions have for her. @param {any} boat @param {string} asked */
function otherNames(boat, asked) {
  const also = boat.also_called ?? [];
  const said = [asked !== boat.boat && word("console.asked_as", { name: asked, boat: boat.boat }), also.length && word("console.also_called", { names: also.join(", ") })];
  return said.filter(Boolean).map((text) => h("p", { class: "given" }, text));
}

/** All that is known of one boat, under whatever name of hers she was asked for. @param {any} boat @param {any} picture @param {string} [asked] */
export function boatDetail(boat, picture, asked = boat.boat) {
  const names = new Set(boat.reports ?? []);
  const given = picture.reports.filter((report) => report.boat === boat.boat || names.has(report.report)).reverse();
  return h(
    "section",
    { class: "detail", "aria-label": boat.boat, data: { scroll: `detail-${boat.boat}` } },
    h("h2", {}, boat.boat, ...tags(boat)),
    boat.spoken && h("p", { class: "given", title: word("console.spoken") }, boat.spoken),
    ...otherNames(boat, asked),
    boat.centre && h("p", { class: "chart-position", title: word("console.centre") }, onChart(boat.centre)),
    h("p", { class: "sentence" }, sentence(boat)),
    figures(boat, picture),
    searchedPart(boat, picture),
    h("p", { class: "source" }, sources(picture)),
    doubtful(boat, given),
    h("h3", {}, word("console.its_reports", { count: given.length })),
    h("ol", {}, ...given.map((report) => reportEntry(report, null))),
  );
}
