// The time slider: ten minutes a step, one mark for each report received.
import { byId, h } from "./dom.js";
import { zulu } from "./format.js";
import { word } from "./words.js";

const MINUTE = 60;
export const STEP = 10 * MINUTE;

/** The slider with its hours. */
export class TimeBar {
  /** @param {{earliest: number, latest: number, received: number[]}} times seconds @param {(at: number) => void} onTime */
  constructor(times, onTime) {
    this.slider = byId("slider");
    this.playing = 0;
    this.onTime = onTime;
    this.slider.addEventListener("input", () => onTime(Number(this.slider.value)));
    this.span(times);
  }

  /** @param {{earliest: number, latest: number, received: number[], live?: boolean}} times */
  span(times) {
    this.earliest = Math.floor(times.earliest / STEP) * STEP;
    this.latest = Math.max(Math.ceil(times.latest / (times.live ? MINUTE : STEP)) * (times.live ? MINUTE : STEP), this.earliest + STEP);
    // the thumb moves by the marks that are computed ahead; single minutes have keys of their own
    Object.assign(this.slider, { step: String(times.live ? MINUTE : STEP), min: String(this.earliest), max: String(this.latest) });
    const inside = times.received.filter((at) => at >= this.earliest && at <= this.latest);
    byId("arrivals").replaceChildren(...[...new Set(inside.map((at) => this.left(at).toFixed(1)))].map((left) => at(h("i"), left)));
    const hours = (this.latest - this.earliest) / 3600;
    const every = 3600 * (hours > 96 ? 24 : hours > 30 ? 6 : hours > 10 ? 2 : 1);
    const ticks = [];
    for (let tick = Math.ceil(this.earliest / every) * every; tick <= this.latest; tick += every)
      if (this.left(tick) > 1 && this.left(tick) < 99) ticks.push(at(h("span", {}, zulu(tick)), this.left(tick).toFixed(2)));
    byId("ticks").replaceChildren(...ticks);
  }

  /** Per cent of the way. @param {number} at */
  left(at) {
    return (100 * (at - this.earliest)) / (this.latest - this.earliest);
  }

  /** Move the thumb without asking for a picture. @param {number} at */
  point(at) {
    this.slider.value = String(at);
    this.slider.setAttribute("aria-valuetext", zulu(at));
    byId("asked").textContent = zulu(at);
  }

  /** @param {number} from @param {number} seconds */
  step(from, seconds) {
    const raw = from + seconds;
    if (Math.abs(seconds) < STEP) return this.onTime(Math.min(Math.max(raw, this.earliest), this.latest));
    const whole = seconds > 0 ? Math.floor(raw / STEP) * STEP : Math.ceil(raw / STEP) * STEP;
    this.onTime(Math.min(Math.max(from % STEP ? whole : raw, this.earliest), this.latest));
  }

  /** Name the play button for what it will do. */
  name() {
    byId("play").textContent = word(this.playing ? "console.pause" : "console.play");
    byId("play").setAttribute("aria-pressed", String(Boolean(this.playing)));
  }
}

/** @param {HTMLElement} element @param {string} left */
function at(element, left) {
  element.style.left = `${left}%`;
  return element;
}
