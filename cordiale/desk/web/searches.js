// Searches: the tracks as they were made, and what they did to a boat.
import { h } from "./dom.js";
import { zulu, seconds } from "./format.js";
import { word } from "./words.js";

/**
 * The ways on which somebody looked, and those between them; each search carries its name once.
 * @param {any[]} searches
 */
export function trackFeatures(searches) {
  const features = [];
  for (const search of searches ?? []) {
    const label = word("console.search_label", { asset: search.asset, begin: zulu(seconds(search.begin)), end: zulu(seconds(search.end)) });
    for (const { looked, fixes } of stretches(search.track ?? []))
      features.push({
        type: "Feature",
        properties: { looked, search: search.search, label: looked ? label : "", brokenOff: Boolean(search.broken_off) },
        geometry: { type: "LineString", coordinates: fixes },
      });
  }
  return { type: "FeatureCollection", features };
}

/** The track cut where somebody began or ceased to look. @param {[number, number, boolean][]} track */
function stretches(track) {
  /** @type {{looked: boolean, fixes: number[][]}[]} */
  const found = [];
  track.slice(1).forEach(([lat, lon], i) => {
    const [before, looked] = [track[i], track[i][2]];
    const last = found[found.length - 1];
    if (last && last.looked === looked) last.fixes.push([lon, lat]);
    else found.push({ looked, fixes: [[before[1], before[0]], [lon, lat]] });
  });
  return found;
}

/** What the searches did to a boat, and whether the search for her may end. @param {any} boat @param {any} picture */
export function searchedPart(boat, picture) {
  const searches = picture.searches ?? [];
  if (!searches.length || !boat.searched) return null;
  const done = boat.searched;
  const verdict = done.may_end === null ? null : h("span", { class: "tag", data: { level: done.may_end ? "known" : "urgent" } }, word(done.may_end ? "console.may_end" : "console.must_not_end"));
  return h(
    "section",
    { class: "searched", "aria-label": word("console.searched") },
    h("h3", {}, word("console.searched"), verdict),
    done.ended && h("p", { class: "given" }, word("console.search_ended", { event: done.ended })),
    done.looked_for ? null : h("p", { class: "given" }, word("console.not_searched")),
    h("ul", {}, ...(done.rows ?? []).map((/** @type {string} */ row) => h("li", {}, row.trim()))),
    h("details", { data: { key: `searches-${boat.boat}` } }, h("summary", {}, word("console.searches", { count: searches.length })), h("ol", {}, ...searches.map((/** @type {any} */ one) => h("li", {}, one.text)))),
  );
}
