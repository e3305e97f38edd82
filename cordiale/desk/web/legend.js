// What the shapes mean, and the keys.
import { h } from "./dom.js";
import { symbolPicture } from "./symbols.js";
import { word } from "./words.js";

const SHAPES = [
  ["boat", "console.legend_boat"],
  ["fix", "console.legend_fix"],
  ["report", "console.legend_report"],
  ["loose", "console.legend_loose"],
  ["ship", "console.legend_asset"],
];

/** @param {number[]} dash @param {number} width */
function stroke(dash, width) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 26 16");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", "M1 8h24");
  line.setAttribute("stroke", "currentColor");
  line.setAttribute("stroke-width", String(width));
  if (dash.length) line.setAttribute("stroke-dasharray", dash.join(" "));
  svg.append(line);
  return svg;
}

/** @param {"day" | "night"} palette */
export function legend(palette) {
  return h(
    "ul",
    {},
    h("li", {}, stroke([], 2), word("console.legend_90")),
    h("li", {}, stroke([7, 3], 3), word("console.legend_50")),
    h("li", {}, stroke([], 1.6), word("console.legend_search")),
    ...SHAPES.map(([symbol, key]) => h("li", {}, symbolPicture(symbol, palette), word(key))),
  );
}

const KEYS = [
  ["← →", "key_time"], [", .", "key_minute"], ["space", "key_play"], ["1-9", "key_boat"], ["F", "key_fit"], ["C", "key_areas"], ["+ −", "key_zoom"], ["shift+arrows", "key_pan"],
  ["N", "key_palette"], ["L", "key_language"], ["B R G", "key_tabs"], ["A", "key_add"], ["0", "key_live"], ["?", "key_keys"],
];

/** @param {boolean} live */
export function keyList(live) {
  const shown = KEYS.filter(([, key]) => live || !["key_add", "key_live"].includes(key));
  return h(
    "dl",
    { class: "keys" },
    ...shown.flatMap(([key, text]) => [h("dt", {}, h("kbd", {}, key.length > 3 && /^[a-z]/.test(key) ? word(`console.keyname_${key.replace("+", "_")}`) : key)), h("dd", {}, word(`console.${text}`))]),
  );
}
