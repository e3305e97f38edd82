// The map: MapLibre GL with our own chart, boats and particles. Where there is no WebGL the lists stand alone.
import { Map as ChartMap, ScaleControl } from "/web/vendor/maplibre-gl/maplibre-gl.mjs";
import { Cloud } from "./cloud.js";
import { areaFeatures, boatBounds, bounds, pointFeatures } from "./features.js";
import { onChart } from "./format.js";
import { trackFeatures } from "./searches.js";
import { COLOURS, chartStyle, layers } from "./style.js";
import { drawSymbols } from "./symbols.js";

/** The middle of the strait, for a picture without boats. */
const STRAIT = [1.15, 50.83, 2.35, 51.4];

/** Whether this browser can draw the map at all. */
export function hasWebGL() {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

/** The chart with the boats on it. */
export class Chart {
  /**
   * @param {HTMLElement} container
   * @param {any} base the chart as GeoJSON
   * @param {"day" | "night"} palette
   * @param {{onProblem: (text: string) => void, onBoat: (boat: string) => void, onReport: (report: string) => void, onCursor: (text: string) => void}} listeners
   */
  constructor(container, base, palette, listeners) {
    this.palette = palette;
    this.others = new Cloud("particles-other", 2, 0.4);
    this.cloud = new Cloud("particles", 2.5, 0.5);
    this.map = new ChartMap({
      container, style: chartStyle(palette, base), bounds: STRAIT, fitBoundsOptions: { padding: 20 },
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, keyboard: false,
      fadeDuration: 0, maxZoom: 15, minZoom: 6, renderWorldCopies: false, maxBounds: [-0.65, 49.75, 3.65, 52.25],
      canvasContextAttributes: { antialias: false },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new ScaleControl({ unit: "nautical", maxWidth: 110 }), "bottom-left");
    this.map.once("style.load", () => drawSymbols(this.map, this.palette)); // before the first tile asks for them
    this.map.on("error", (event) => listeners.onProblem(event.error?.message ?? String(event.error)));
    this.map.getCanvas().addEventListener("webglcontextlost", () => listeners.onProblem("WebGL context lost"));
    this.map.on("mousemove", (event) => listeners.onCursor(onChart({ lat: event.lngLat.lat, lon: event.lngLat.lng })));
    this.map.on("mouseout", () => listeners.onCursor(""));
    for (const layer of ["boat", "boat-chosen"]) this.map.on("click", layer, (event) => listeners.onBoat(event.features[0].properties.boat));
    for (const layer of ["report", "loose"]) this.map.on("click", layer, (event) => listeners.onReport(event.features[0].properties.report));
    for (const layer of ["boat", "report", "loose"]) {
      this.map.on("mouseenter", layer, () => (this.map.getCanvas().style.cursor = "pointer"));
      this.map.on("mouseleave", layer, () => (this.map.getCanvas().style.cursor = ""));
    }
  }

  /** Resolves when the chart itself is drawn. */
  async loaded() {
    if (!this.map.loaded()) await new Promise((resolve) => this.map.once("load", resolve));
    this.map.addLayer(this.others, "area-90");
    this.map.addLayer(this.cloud, "area-90");
  }

  /** Resolves when everything given so far is on the screen. */
  drawn() {
    return new Promise((resolve) => {
      this.map.once("idle", resolve);
      this.map.triggerRepaint();
    });
  }

  /** @param {any} picture @param {any[]} ordered boats by urgency @param {string} chosen @param {[number, number][]} particles of the chosen boat @param {boolean} everyone all areas in full */
  show(picture, ordered, chosen, particles, everyone) {
    const c = COLOURS[this.palette];
    this.map.getSource("areas").setData(areaFeatures(ordered, chosen, everyone));
    this.map.getSource("points").setData(pointFeatures(picture, ordered, chosen));
    this.map.getSource("searches").setData(trackFeatures(picture.searches));
    this.cloud.show(particles, c.cloud);
    this.others.show(ordered.filter((boat) => boat.boat !== chosen).flatMap((boat) => (boat.sample ?? []).slice(0, 200)), c.cloudOther);
  }

  /** Other names on the chart. @param {any} base */
  base(base) {
    this.map.getSource("base").setData(base);
  }

  /** Change the colours in place; nothing is loaded again. @param {"day" | "night"} palette */
  paint(palette) {
    this.palette = palette;
    for (const layer of layers(palette))
      for (const [name, value] of Object.entries(layer.paint ?? {})) this.map.setPaintProperty(layer.id, name, value);
    drawSymbols(this.map, palette);
  }

  /** See all boats, or one. @param {any} picture @param {any} [boat] */
  fit(picture, boat) {
    const box = (boat && boatBounds(boat)) ?? bounds(picture, 0.5) ?? STRAIT;
    this.map.fitBounds(box, { padding: { top: 70, bottom: 60, left: 70, right: 70 }, maxZoom: 11.5, animate: false });
  }

  /** Whether a boat's area lies in view. @param {any} boat */
  sees(boat) {
    const box = boatBounds(boat);
    if (!box) return true;
    const view = this.map.getBounds();
    return view.contains([box[0], box[1]]) && view.contains([box[2], box[3]]);
  }

  /** @param {number} steps */
  zoom(steps) {
    this.map.zoomTo(this.map.getZoom() + steps, { animate: false });
  }

  /** @param {number} right @param {number} down pixels */
  pan(right, down) {
    this.map.panBy([right, down], { animate: false });
  }
}
