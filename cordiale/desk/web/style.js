// The chart: what is drawn, in which order, in two palettes. No remote source, no glyph server.

/** Colours of the chart by palette. */
export const COLOURS = {
  day: {
    sea: "#d3e5ef", land: "#ece3c6", coast: "#8d8262", grid: "#b4cad8", gridText: "#5c7687", place: "#3f3a2a",
    placeHalo: "#f4efdf", territorial: "#8b5fa0", median: "#7b2a86", region: "#7b2a86", lane: "#a05fae", lineText: "#6a2474",
    lineHalo: "#e3eff5", chosen: "#0b3d91", other: "#4b6075", cloud: "#2f6bb8", cloudOther: "#5d7890", text: "#14202b",
    halo: "#f2f8fb", fix: "#9c1230", asset: "#0b6b4f", loose: "#7a4b00", markFill: "#ffffff",
  },
  night: {
    sea: "#030202", land: "#1d0d09", coast: "#6b2f20", grid: "#220e0a", gridText: "#7d3d2a", place: "#b56a4a",
    placeHalo: "#120705", territorial: "#5a2417", median: "#8a3a26", region: "#8a3a26", lane: "#5a2417", lineText: "#a4553a",
    lineHalo: "#060202", chosen: "#ffa57d", other: "#a8583c", cloud: "#b8401c", cloudOther: "#7c3423", text: "#f0a080",
    halo: "#080303", fix: "#ff5a3c", asset: "#e8b080", loose: "#d08a50", markFill: "#120504",
  },
};

const TEXT = { "text-font": ["B612 Regular"], "text-size": 12, "text-padding": 3, "text-max-width": 16 };
const BOLD = { ...TEXT, "text-font": ["B612 Bold"], "text-size": 13 };
const AROUND = { "text-variable-anchor": ["left", "right", "bottom", "top"], "text-radial-offset": 0.9, "text-justify": "auto" };

/** An empty collection. */
export const NOTHING = { type: "FeatureCollection", features: [] };

/** @param {string} kind */
const isKind = (kind) => ["==", ["get", "kind"], kind];

/** Ports and capes first; lights and banks, towns, then beaches as one comes closer. */
function shownPlaces() {
  const upTo = (rank) => ["all", isKind("place"), ["<=", ["get", "rank"], rank]];
  return ["step", ["zoom"], upTo(1), 9.3, upTo(2), 10.2, upTo(3), 11, upTo(4)];
}

/** @param {string} id @param {any} kinds @param {string} colour @param {number} width @param {number[]} dash */
const border = (id, kinds, colour, width, dash) => ({
  id, type: "line", source: "base", filter: kinds, layout: { "line-join": "round" },
  paint: { "line-color": colour, "line-width": width, "line-dasharray": dash },
});

/**
 * The layers under the boats.
 * @param {any} c colours
 */
function chartLayers(c) {
  return [
    { id: "sea", type: "background", paint: { "background-color": c.sea } },
    { id: "grid", type: "line", source: "grid", paint: { "line-color": c.grid, "line-width": 1 } },
    { id: "land", type: "fill", source: "base", filter: isKind("land"), paint: { "fill-color": c.land } },
    { id: "coast", type: "line", source: "base", filter: isKind("land"), paint: { "line-color": c.coast, "line-width": 1 } },
    border("lane", isKind("lane"), c.lane, 1, [1, 3]),
    border("territorial", isKind("territorial"), c.territorial, 1, [4, 3]),
    border("median", isKind("median"), c.median, 1.6, [7, 3]),
    border("region", isKind("region"), c.region, 1.6, [9, 3, 2, 3]),
    {
      id: "grid-text", type: "symbol", source: "grid", filter: ["has", "label"],
      layout: { ...TEXT, "text-size": 11, "symbol-placement": "line", "text-field": ["get", "label"], "symbol-spacing": 420, "text-max-angle": 1 },
      paint: { "text-color": c.gridText, "text-halo-color": c.sea, "text-halo-width": 1.2 },
    },
    {
      id: "line-text", type: "symbol", source: "base", filter: ["in", ["get", "kind"], ["literal", ["median", "region", "territorial", "lane"]]],
      layout: { ...TEXT, "text-size": 11, "symbol-placement": "line", "text-field": ["get", "label"], "symbol-spacing": 380, "text-max-angle": 25 },
      paint: { "text-color": c.lineText, "text-halo-color": c.lineHalo, "text-halo-width": 1.5 },
    },
  ];
}

/**
 * The boats' areas.
 * @param {any} c colours
 */
function areaLayers(c) {
  const chosen = ["==", ["get", "chosen"], true];
  const colour = ["case", ["get", "chosen"], c.chosen, c.other];
  return [
    {
      id: "area-fill", type: "fill", source: "areas", filter: chosen,
      paint: { "fill-color": c.chosen, "fill-opacity": ["case", ["<", ["get", "containment"], 0.7], 0.14, 0.09] },
    },
    {
      id: "area-90", type: "line", source: "areas", filter: [">=", ["get", "containment"], 0.7],
      paint: { "line-color": colour, "line-width": ["case", ["get", "chosen"], 2, 1], "line-opacity": ["case", ["get", "full"], 1, 0.45] },
    },
    {
      id: "area-50", type: "line", source: "areas", filter: ["<", ["get", "containment"], 0.7],
      paint: { "line-color": colour, "line-width": ["case", ["get", "chosen"], 3, 1.2], "line-dasharray": [3, 1.5] },
    },
    {
      id: "area-text", type: "symbol", source: "areas", filter: chosen,
      layout: { ...BOLD, "text-size": 12, "symbol-placement": "line", "text-field": ["get", "label"], "symbol-spacing": 260, "text-max-angle": 40, "text-keep-upright": true },
      paint: { "text-color": c.chosen, "text-halo-color": c.halo, "text-halo-width": 2 },
    },
  ];
}

/**
 * Tracks of searches: whole where somebody looked, dotted on the way.
 * @param {any} c colours
 */
function searchLayers(c) {
  const looked = ["==", ["get", "looked"], true];
  const line = (id, filter, more) => ({
    id, type: "line", source: "searches", filter, layout: { "line-join": "round" },
    paint: { "line-color": c.asset, "line-width": 1.6, "line-opacity": 0.9, ...more },
  });
  return [
    line("search-track", looked, {}),
    line("search-way", ["!", looked], { "line-dasharray": [1, 3], "line-width": 1.2 }),
    {
      id: "search-text", type: "symbol", source: "searches", filter: looked,
      layout: { ...TEXT, "text-size": 11, "symbol-placement": "line", "text-field": ["get", "label"], "symbol-spacing": 600, "text-max-angle": 30 },
      paint: { "text-color": c.asset, "text-halo-color": c.halo, "text-halo-width": 1.6 },
    },
  ];
}

/**
 * Marks with names: places, craft, reports, boats.
 * @param {any} c colours
 */
function markLayers(c) {
  const named = (halo, colour) => ({ "text-color": colour, "text-halo-color": halo, "text-halo-width": 1.6 });
  const placed = { ...TEXT, ...AROUND, "text-field": ["get", "label"], "text-optional": true };
  return [
    {
      id: "place", type: "symbol", source: "base", filter: shownPlaces(),
      layout: { ...placed, "icon-image": "place", "icon-allow-overlap": true, "symbol-sort-key": ["coalesce", ["get", "rank"], 5] },
      paint: named(c.placeHalo, c.place),
    },
    {
      id: "loose", type: "symbol", source: "points", filter: isKind("loose"),
      layout: { "icon-image": "loose", "icon-allow-overlap": true, "icon-ignore-placement": true },
    },
    {
      id: "report", type: "symbol", source: "points", filter: isKind("report"),
      layout: { "icon-image": "report", "icon-allow-overlap": true, "icon-ignore-placement": true },
    },
    {
      id: "fix", type: "symbol", source: "points", filter: isKind("fix"),
      layout: { ...placed, "text-size": 11, "icon-image": "fix", "icon-allow-overlap": true },
      paint: named(c.halo, c.fix),
    },
    {
      id: "asset", type: "symbol", source: "points", filter: isKind("asset"),
      layout: { ...placed, "icon-image": ["get", "icon"], "icon-allow-overlap": true },
      paint: named(c.halo, c.asset),
    },
    {
      id: "boat", type: "symbol", source: "points", filter: ["all", isKind("boat"), ["!", ["get", "chosen"]]],
      layout: { ...placed, "text-font": ["B612 Bold"], "icon-image": ["get", "icon"], "icon-allow-overlap": true, "symbol-sort-key": ["get", "rank"] },
      paint: named(c.halo, c.text),
    },
    {
      id: "boat-chosen", type: "symbol", source: "points", filter: ["all", isKind("boat"), ["get", "chosen"]],
      layout: { ...BOLD, ...AROUND, "text-size": 14, "text-field": ["get", "label"], "icon-image": ["get", "icon"], "icon-size": 1.25, "icon-allow-overlap": true, "text-allow-overlap": true },
      paint: named(c.halo, c.chosen),
    },
  ];
}

/** All layers in order. @param {"day" | "night"} palette */
export const layers = (palette) => {
  const c = COLOURS[palette];
  return [...chartLayers(c), ...areaLayers(c), ...searchLayers(c), ...markLayers(c)];
};

/**
 * The style MapLibre starts with.
 * @param {"day" | "night"} palette
 * @param {any} base the chart as GeoJSON
 */
export function chartStyle(palette, base) {
  const font = (file) => [{ url: `${location.origin}/web/vendor/b612/${file}` }];
  const geojson = (data) => ({ type: "geojson", data });
  return {
    version: 8,
    "font-faces": { "B612 Regular": font("b612-latin-400-normal.woff2"), "B612 Bold": font("b612-latin-700-normal.woff2") },
    sources: { base: { ...geojson(base), tolerance: 0.2 }, grid: geojson(graticule()), areas: { ...geojson(NOTHING), tolerance: 0 }, searches: { ...geojson(NOTHING), tolerance: 0 }, points: geojson(NOTHING) },
    layers: layers(palette),
  };
}

/** Parallels and meridians every ten minutes; whole and half degrees carry their name. */
export function graticule() {
  const features = [];
  const add = (coordinates, label) => features.push({ type: "Feature", properties: label ? { label } : {}, geometry: { type: "LineString", coordinates } });
  const name = (minutes, width, side) => `${String(Math.floor(minutes / 60)).padStart(width, "0")}°${String(minutes % 60).padStart(2, "0")}'${side}`;
  for (let minutes = 50 * 60; minutes <= 52 * 60; minutes += 10)
    add([[0, minutes / 60], [3.5, minutes / 60]], minutes % 20 === 0 ? name(minutes, 2, "N") : null);
  for (let minutes = 0; minutes <= 210; minutes += 10)
    add([[minutes / 60, 50], [minutes / 60, 52]], minutes % 20 === 0 ? name(minutes, 3, "E") : null);
  return { type: "FeatureCollection", features };
}
