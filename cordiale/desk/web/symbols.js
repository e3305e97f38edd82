// Symbols of the chart, drawn here by shape: a boat, a fix, a report, a craft. Never told apart by colour alone.
import { COLOURS } from "./style.js";

const SCALE = 2;

/** @typedef {(pen: CanvasRenderingContext2D, c: any) => void} Drawing */

/** @param {CanvasRenderingContext2D} pen @param {number[][]} corners */
function outline(pen, corners) {
  pen.beginPath();
  corners.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
}

/** @param {string} ink which colour of the palette @returns {Drawing} */
const boat = (ink) => (pen, c) => {
  // a small open boat seen from above, bow up
  pen.beginPath();
  pen.moveTo(12, 3);
  pen.quadraticCurveTo(18, 8, 17, 20);
  pen.lineTo(7, 20);
  pen.quadraticCurveTo(6, 8, 12, 3);
  pen.closePath();
  pen.fillStyle = c[ink];
  pen.strokeStyle = c.halo;
  pen.lineWidth = 1.6;
  pen.fill();
  pen.stroke();
};

/** @type {Record<string, {size: number, draw: Drawing}>} */
const DRAWINGS = {
  boat: { size: 24, draw: boat("text") },
  "boat-chosen": { size: 24, draw: boat("chosen") },
  fix: {
    size: 20,
    draw(pen, c) {
      for (const [ink, width] of [[c.halo, 4], [c.fix, 1.8]]) {
        pen.strokeStyle = ink;
        pen.lineWidth = width;
        pen.beginPath();
        pen.arc(10, 10, 5, 0, 2 * Math.PI);
        pen.moveTo(10, 1); pen.lineTo(10, 7); pen.moveTo(10, 13); pen.lineTo(10, 19);
        pen.moveTo(1, 10); pen.lineTo(7, 10); pen.moveTo(13, 10); pen.lineTo(19, 10);
        pen.stroke();
      }
    },
  },
  report: {
    size: 14,
    draw(pen, c) {
      outline(pen, [[7, 2], [12, 7], [7, 12], [2, 7]]);
      pen.fillStyle = c.markFill;
      pen.fill();
      pen.strokeStyle = c.fix;
      pen.lineWidth = 1.6;
      pen.stroke();
    },
  },
  loose: {
    size: 14,
    draw(pen, c) {
      pen.fillStyle = c.markFill;
      pen.strokeStyle = c.loose;
      pen.lineWidth = 1.6;
      pen.fillRect(2, 2, 10, 10);
      pen.strokeRect(2, 2, 10, 10);
      pen.beginPath();
      pen.moveTo(4.5, 4.5); pen.lineTo(9.5, 9.5); pen.moveTo(9.5, 4.5); pen.lineTo(4.5, 9.5);
      pen.stroke();
    },
  },
  ship: {
    size: 20,
    draw(pen, c) {
      outline(pen, [[3, 9], [17, 9], [14, 16], [6, 16]]);
      pen.fillStyle = c.asset;
      pen.fill();
      pen.fillRect(8, 4, 4, 5);
      pen.strokeStyle = c.halo;
      pen.lineWidth = 1;
      pen.stroke();
    },
  },
  helicopter: {
    size: 20,
    draw(pen, c) {
      pen.strokeStyle = c.asset;
      pen.fillStyle = c.asset;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.moveTo(3, 3); pen.lineTo(17, 17); pen.moveTo(17, 3); pen.lineTo(3, 17);
      pen.stroke();
      pen.beginPath();
      pen.arc(10, 10, 4.5, 0, 2 * Math.PI);
      pen.fill();
    },
  },
  plane: {
    size: 20,
    draw(pen, c) {
      outline(pen, [[10, 2], [12, 8], [18, 12], [18, 14], [12, 12], [11, 16], [13, 18], [7, 18], [9, 16], [8, 12], [2, 14], [2, 12], [8, 8]]);
      pen.fillStyle = c.asset;
      pen.fill();
    },
  },
  place: {
    size: 10,
    draw(pen, c) {
      pen.beginPath();
      pen.arc(5, 5, 2.4, 0, 2 * Math.PI);
      pen.fillStyle = c.placeHalo;
      pen.fill();
      pen.strokeStyle = c.place;
      pen.lineWidth = 1.4;
      pen.stroke();
    },
  },
};

/** The shape of a craft by its name. @param {string} name */
export function assetIcon(name) {
  if (/helicopter|helo|r163|rescue ?\d|dauphin|caiman/i.test(name)) return "helicopter";
  if (/drone|uav|plane|aircraft|falcon|2excel|king ?air/i.test(name)) return "plane";
  return "ship";
}

/** @param {string} name @param {"day" | "night"} palette */
function draw(name, palette) {
  const { size, draw: drawing } = DRAWINGS[name];
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * SCALE;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(SCALE, SCALE);
  drawing(pen, COLOURS[palette]);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** Give the map its symbols, or redraw them in another palette. @param {any} map @param {"day" | "night"} palette */
export function drawSymbols(map, palette) {
  for (const name of Object.keys(DRAWINGS)) {
    if (map.hasImage(name)) map.updateImage(name, draw(name, palette));
    else map.addImage(name, draw(name, palette), { pixelRatio: SCALE });
  }
}

/** A symbol for the legend. @param {string} name @param {"day" | "night"} palette */
export function symbolPicture(name, palette) {
  const image = draw(name, palette);
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  canvas.className = "symbol";
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}
