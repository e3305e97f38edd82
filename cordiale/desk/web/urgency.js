// The order of the boats: people in the water first. It sorts a list; it lowers nobody's severity.

/** Most pressing first. A boat of unknown state stands before one known to be under way. */
const STATES = ["in_the_water", "swamped", "taking_water", "adrift", "", "refusing_help", "beached", "under_way"];

/** @param {any} boat */
const rank = (boat) => {
  const place = STATES.indexOf(boat.state === "unknown" ? "" : (boat.state ?? ""));
  return place < 0 ? STATES.indexOf("") : place;
};

/** The boats in order: state, then stale, then persons, then the age of the last fix. @param {any[]} boats */
export function byUrgency(boats) {
  return [...boats].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      Number(b.stale) - Number(a.stale) ||
      (b.persons?.most ?? 0) - (a.persons?.most ?? 0) ||
      (b.last_fix?.age_s ?? 0) - (a.last_fix?.age_s ?? 0) ||
      a.boat.localeCompare(b.boat),
  );
}

/** How loudly a state is shown. @param {string | null | undefined} state */
export function level(state) {
  if (["in_the_water", "swamped", "taking_water"].includes(state ?? "")) return "urgent";
  if (state === "adrift") return "caution";
  return "plain";
}

/** Which marks a boat's reports carry, REAL before SYNTHETIC. @param {any} boat @param {any[]} reports */
export function marksOf(boat, reports) {
  if (boat.marks) return boat.marks;
  const marks = new Set(reports.filter((report) => report.boat === boat.boat).map((report) => report.mark?.kind ?? "LIVE"));
  return ["REAL", "SYNTHETIC", "LIVE"].filter((mark) => marks.has(mark));
}
