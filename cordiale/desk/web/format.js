// Numbers as a watch writes them: UTC with Z, degrees and decimal minutes, km2 and NM2.
import { currentLanguage, word } from "./words.js";

const SQUARE_METRES_PER_NM2 = 1852 * 1852;

/** @param {number} value @param {number} decimals */
export function number(value, decimals = 0) {
  return value.toLocaleString(currentLanguage(), { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** @param {number} angle @param {number} width @param {string} sides */
function chartAngle(angle, width, sides) {
  const tenths = Math.round(Math.abs(angle) * 600);
  const degrees = String(Math.floor(tenths / 600)).padStart(width, "0");
  return `${degrees}°${((tenths % 600) / 10).toFixed(1).padStart(4, "0")}'${sides[angle < 0 ? 1 : 0]}`;
}

/**
 * Degrees and decimal minutes, 51°08.5'N 001°44.5'E. The picture's own `on_chart` is preferred where it has one.
 * @param {{lat?: number, lon?: number, on_chart?: string} | null | undefined} place
 */
export function onChart(place) {
  if (!place) return "";
  if (place.on_chart) return place.on_chart;
  if (typeof place.lat !== "number" || typeof place.lon !== "number") return "";
  return `${chartAngle(place.lat, 2, "NS")} ${chartAngle(place.lon, 3, "EW")}`;
}

/** Seconds since 1970 of an ISO text. @param {string} iso */
export const seconds = (iso) => Date.parse(iso) / 1000;

/** ISO text to the minute, as used in the address bar. @param {number} at */
export const isoMinute = (at) => `${new Date(at * 1000).toISOString().slice(0, 16)}Z`;

/** Hours and minutes with Z. @param {number | string} at */
export function zulu(at) {
  const moment = new Date(typeof at === "string" ? at : at * 1000);
  return Number.isNaN(moment.getTime()) ? "" : `${moment.toISOString().slice(11, 16)}Z`;
}

/** An event's time: 02:20-03:10Z when it is an interval. @param {string} from @param {string} until */
export function span(from, until) {
  if (!until || Math.abs(seconds(until) - seconds(from)) < 60) return zulu(from);
  return `${zulu(from).slice(0, 5)}-${zulu(until)}`;
}

/** The date in figures, the same in both languages. @param {number} at */
export const date = (at) => new Date(at * 1000).toISOString().slice(0, 10);

/** An age as a watch says it: 45 min, 1 h 24. @param {number | null | undefined} age_s */
export function age(age_s) {
  if (typeof age_s !== "number") return "";
  const minutes = Math.max(0, Math.round(age_s / 60));
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

/** Two figures; never 0 for what is only small. @param {number} value */
function sized(value) {
  if (value > 0 && value < 0.005) return `< ${number(0.01, 2)}`;
  return number(value, value < 0.995 ? 2 : value < 9.95 ? 1 : 0);
}

/** @param {number} area_m2 */
export const squareKilometres = (area_m2) => `${sized(area_m2 / 1e6)} km²`;

/** An area in both units: 41 km² (12 NM²). @param {number} area_m2 */
export const area = (area_m2) => `${squareKilometres(area_m2)} (${sized(area_m2 / SQUARE_METRES_PER_NM2)} ${word("console.nm2")})`;

/** A probability in per cent; never 0 or 100 for what is not certain. @param {number} p */
export function percent(p) {
  const hundredths = p * 100;
  if (p > 0 && hundredths < 1) return `< 1 %`;
  if (p < 1 && hundredths > 99) return `> 99 %`;
  return `${number(hundredths)} %`;
}

/** Persons as an interval: 27-33. @param {{least: number, most: number} | null | undefined} persons */
export function persons(persons) {
  if (!persons) return word("console.persons_unknown");
  const text = persons.least === persons.most ? number(persons.least) : `${number(persons.least)}-${number(persons.most)}`;
  return word("console.persons", { persons: text });
}
