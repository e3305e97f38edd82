// What this seat looks at. It lives in the address bar, so that a view is a link.

/**
 * @typedef {object} Seat
 * @property {string} at ISO minute asked for; "" follows the clock on a live record
 * @property {string} boat name of the selected boat, or ""
 * @property {"en" | "fr"} lang
 * @property {"day" | "night"} palette
 * @property {string} tab boats, reports, log, add or keys
 */

/** @returns {Seat} */
export function readSeat() {
  const asked = new URLSearchParams(location.search);
  const preferred = navigator.language?.startsWith("fr") ? "fr" : "en";
  return {
    at: asked.get("at") ?? "",
    boat: asked.get("boat") ?? "",
    lang: asked.get("lang") === "fr" || (asked.get("lang") !== "en" && preferred === "fr") ? "fr" : "en",
    palette: asked.get("palette") === "night" ? "night" : "day",
    tab: asked.get("tab") ?? "boats",
  };
}

/** @param {Seat} seat */
export function writeSeat(seat) {
  const parts = new URLSearchParams();
  if (seat.at) parts.set("at", seat.at);
  if (seat.boat) parts.set("boat", seat.boat);
  parts.set("lang", seat.lang);
  parts.set("palette", seat.palette);
  if (seat.tab !== "boats") parts.set("tab", seat.tab);
  history.replaceState(null, "", `?${parts.toString().replaceAll("%3A", ":")}`);
}
