// From the picture to what the map draws: areas and points, as GeoJSON.
import { percent, span } from "./format.js";
import { assetIcon } from "./symbols.js";
import { word } from "./words.js";

/** Background boats with a wider 90 % area show particles only: judgement. The strait off Dover and Calais has some 1,000 km². */
const WIDE = 200e6;

/** @param {any} geometry @param {any} properties */
const feature = (geometry, properties) => ({ type: "Feature", geometry, properties });

/** @param {any} place @param {any} properties */
const point = (place, properties) => feature({ type: "Point", coordinates: [place.lon, place.lat] }, properties);

/**
 * 50 % and 90 % areas as rings, the selected boat's last so that it lies on top.
 * Of the others only the 90 % outline is drawn, without crumbs and not where it covers half the strait, unless everyone's
 * areas are wanted in full.
 * @param {any[]} boats @param {string} chosen @param {boolean} everyone
 */
export function areaFeatures(boats, chosen, everyone) {
  const features = [];
  for (const boat of [...boats].sort((a, b) => Number(a.boat === chosen) - Number(b.boat === chosen)))
    for (const area of boat.areas ?? []) {
      const full = everyone || boat.boat === chosen;
      if (!full && (area.containment < 0.7 || area.area_m2 > WIDE)) continue;
      features.push(
        feature(
          { type: "MultiPolygon", coordinates: full ? polygons(area.rings ?? []) : withoutCrumbs(polygons(area.rings ?? [])) },
          { full, boat: boat.boat, containment: area.containment, chosen: boat.boat === chosen, stale: Boolean(boat.stale), label: percent(area.containment) },
        ),
      );
    }
  return { type: "FeatureCollection", features };
}

/** The pieces that make up all but a few per cent of an area, without holes: for boats in the background. @param {number[][][][]} pieces */
function withoutCrumbs(pieces) {
  const largest = Math.max(...pieces.map(([outline]) => turn(outline)));
  return pieces.filter(([outline]) => turn(outline) > 0.05 * largest).map(([outline]) => [outline]);
}

/** Outlines (anticlockwise) with the holes (clockwise) that lie in them. @param {[number, number][][]} rings latitude and longitude */
export function polygons(rings) {
  const drawn = rings.filter((ring) => ring.length > 2).map((ring) => closed(ring.map(([lat, lon]) => [lon, lat])));
  const outlines = drawn.filter((ring) => turn(ring) > 0).map((ring) => [ring]);
  for (const hole of drawn.filter((ring) => turn(ring) <= 0)) {
    const home = outlines.find(([outline]) => inside(hole[0], outline));
    if (home) home.push(hole);
    else outlines.push([hole]);
  }
  return outlines;
}

/** Twice the area, positive for an outline. @param {number[][]} ring */
const turn = (ring) => ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);

/** @param {number[]} place @param {number[][]} ring */
function inside([x, y], ring) {
  let crossings = 0;
  for (let i = 1; i < ring.length; i++) {
    const [[x0, y0], [x1, y1]] = [ring[i - 1], ring[i]];
    if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) crossings++;
  }
  return crossings % 2 === 1;
}

/** @param {number[][]} ring */
function closed(ring) {
  const [first, last] = [ring[0], ring[ring.length - 1]];
  return first && (first[0] !== last[0] || first[1] !== last[1]) ? [...ring, first] : ring;
}

/**
 * Boats at the centre of their cloud, last fixes, the selected boat's reports, reports given to no boat, craft.
 * @param {any} picture @param {any[]} ordered boats by urgency @param {string} chosen
 */
export function pointFeatures(picture, ordered, chosen) {
  const features = [];
  for (const asset of picture.assets ?? [])
    if (typeof asset.lat === "number") features.push(point(asset, { kind: "asset", label: asset.asset, icon: assetIcon(asset.asset) }));
  for (const report of picture.reports ?? []) {
    if (typeof report.lat !== "number") continue;
    if (report.boat && report.boat === chosen) features.push(point(report, { kind: "report", report: report.report }));
    else if (!report.boat && isAboutABoat(report)) features.push(point(report, { kind: "loose", report: report.report }));
  }
  ordered.forEach((boat, rank) => {
    const isChosen = boat.boat === chosen;
    if (isChosen && boat.last_fix)
      features.push(point(boat.last_fix, { kind: "fix", label: word("console.fix_label", { time: span(boat.last_fix.event_from, boat.last_fix.event_until) }) }));
    const icon = isChosen ? "boat-chosen" : "boat";
    if (boat.centre) features.push(point(boat.centre, { kind: "boat", boat: boat.boat, label: boat.boat, rank, chosen: isChosen, icon }));
  });
  return { type: "FeatureCollection", features };
}

/** Reports the association has to place; orders, requests and decisions are history. @param {any} report */
export const isAboutABoat = (report) => !["asset_position", "task", "request", "decision"].includes(report.kind);

/** What should be seen at once: west, south, east, north. @param {any} picture @param {number} most containment that must fit */
export function bounds(picture, most) {
  const lats = [];
  const lons = [];
  for (const boat of picture.boats ?? [])
    for (const area of (boat.areas ?? []).filter((one) => one.containment <= most))
      for (const ring of area.rings ?? [])
        for (const [lat, lon] of ring) {
          lats.push(lat);
          lons.push(lon);
        }
  if (!lats.length) return null;
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** One boat's extent. @param {any} boat */
export const boatBounds = (boat) => bounds({ boats: [boat] }, 0.9);

