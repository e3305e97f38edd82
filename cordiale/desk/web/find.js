// Any name of a boat finds her: her own, or that of any report that is about her now.
import { h } from "./dom.js";
import { word } from "./words.js";

/** The name that she has in this picture; undefined where no boat goes by it. @param {any} picture @param {string} name */
export function boatCalled(picture, name) {
  if (picture.boats.some((/** @type {any} */ boat) => boat.boat === name)) return name;
  const report = picture.reports.find((/** @type {any} */ one) => one.boat && (one.would_name === name || one.report === name));
  return report?.boat;
}

/** As people type it: 7, b-0007, r-0032, kl42. @param {string} typed */
function spellings(typed) {
  const text = typed.trim();
  const bare = text.toUpperCase().replace(/^B-?/, "");
  const padded = /^\d+$/.test(bare) ? bare.padStart(4, "0") : bare;
  return [text, text.toLowerCase(), `B-${bare}`, `B-${padded}`];
}

let typed = ""; // outlives the picture it was typed on

/** A line to type a name into. @param {any} picture @param {(boat: string) => void} choose */
export function finder(picture, choose) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", { type: "text", name: "boat", maxlength: 40, autocomplete: "off", placeholder: "B-0007, r-0032", "aria-label": word("console.find_boat"), value: typed, data: { key: "find-boat" }, on: { input: () => (typed = input.value) } })
  );
  const answer = h("span", { role: "status" });
  const find = (/** @type {Event} */ event) => {
    event.preventDefault();
    const name = spellings(input.value).find((one) => boatCalled(picture, one));
    if (name) {
      typed = "";
      choose(name);
    } else answer.textContent = word("console.find_none", { name: input.value.trim() });
  };
  return h("li", { class: "find" }, h("form", { on: { submit: find } }, input, h("button", { type: "submit", data: { key: "find-go" } }, word("console.find")), answer));
}
