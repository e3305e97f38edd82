// From the picture to what the map draws: areas and points, as GeoJSON.
import { percent, zulu } from "./format.js";
import { assetIcon } from "./symbols.js";
import { word } from "./words.js";

/** @param {any} geometry @param {any} properties */
const feature = (geometry, properties) => ({ type: "Feature", geometry, properties });

/** @param {any} place @param {any} properties */
const point = (place, properties) => feature({ type: "Point", coordinates: [place.lon, place.lat] }, properties);

/**
 * 50 % and 90 % areas as rings, the selected boat's last so that it lies on top.
 * @param {any[]} boats @param {string} chosen
 */
export function areaFeatures(boats, chosen) {
  const features = [];
  for (const boat of [...boats].sort((a, b) => Number(a.boat === chosen) - Number(b.boat === chosen)))
    for (const area of boat.areas ?? [])
      for (const ring of area.rings ?? [])
        features.push(
          feature(
            { type: "Polygon", coordinates: [closed(ring.map(([lat, lon]) => [lon, lat]))] },
            { boat: boat.boat, containment: area.containment, chosen: boat.boat === chosen, stale: Boolean(boat.stale), label: percent(area.containment) },
          ),
        );
  return { type: "FeatureCollection", features };
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
      features.push(point(boat.last_fix, { kind: "fix", label: word("console.fix_label", { time: zulu(boat.last_fix.event_from) }) }));
    const icon = isChosen ? "boat-chosen" : "boat";
    if (boat.centre) features.push(point(boat.centre, { kind: "boat", boat: boat.boat, label: boat.boat, rank, chosen: isChosen, icon }));
  });
  return { type: "FeatureCollection", features };
}

/** Reports the association has to place; orders, requests and decisions are history. @param {any} report */
export const isAboutABoat = (report) => !["asset_position", "task", "request", "decision"].includes(report.kind);

/** Everything that should be seen at once: west, south, east, north. @param {any} picture */
export function bounds(picture) {
  const lats = [];
  const lons = [];
  for (const boat of picture.boats ?? [])
    for (const area of boat.areas ?? [])
      for (const ring of area.rings ?? [])
        for (const [lat, lon] of ring) {
          lats.push(lat);
          lons.push(lon);
        }
  if (!lats.length) return null;
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** One boat's extent. @param {any} boat */
export const boatBounds = (boat) => bounds({ boats: [boat] });

