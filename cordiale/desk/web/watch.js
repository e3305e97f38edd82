// What needs somebody now: one line a boat, by danger to life; and what is doubtful about the picture as a whole.
import { h } from "./dom.js";
import { coded, word } from "./words.js";

const SHOWN = 5; // lines in sight without asking for more

/** @param {any} alarm */
const alarmEntry = (alarm) => h("li", {}, h("p", {}, alarm.text), h("p", { class: "do" }, alarm.to_do));

/** One boat, or one thing of no known boat; every cause under it. @param {any} line @param {Map<string, any>} alarms @param {(boat: string) => void} choose */
function lineEntry(line, alarms, choose) {
  const own = line.alarms.map((/** @type {string} */ id) => alarms.get(id)).filter(Boolean);
  const more = own.length > 1 ? ` +${own.length - 1}` : "";
  const go = line.boat && h("button", { type: "button", class: "link", data: { key: `watch-go-${line.boat}` }, on: { click: () => choose(line.boat) } }, word("console.show_boat", { boat: line.boat }));
  return h(
    "li",
    {},
    h(
      "details",
      { data: { key: `watch-${line.boat ?? own[0]?.id}` } },
      h("summary", {}, h("strong", {}, line.text ?? own[0]?.text), h("span", { class: "do" }, `${coded("cause", own[0]?.cause)}${more}: ${own[0]?.to_do}`)),
      go,
      h("ul", {}, ...own.map(alarmEntry)),
    ),
  );
}

/** The watch list; the first lines in sight, the others one press away. @param {any} picture @param {(boat: string) => void} choose */
export function watchList(picture, choose) {
  const lines = picture.watch_lines ?? [];
  if (!lines.length) return null;
  const alarms = new Map((picture.watch_list ?? []).map((/** @type {any} */ alarm) => [alarm.id, alarm]));
  const entries = lines.map((/** @type {any} */ line) => lineEntry(line, alarms, choose));
  const rest = entries.slice(SHOWN);
  return h(
    "li",
    { class: "watch" },
    h("h3", {}, word("console.watch_lines", { lines: lines.length, alarms: alarms.size })),
    h("ol", {}, ...entries.slice(0, SHOWN)),
    rest.length ? h("details", { class: "rest", data: { key: "watch-rest" } }, h("summary", {}, word("console.watch_rest", { count: rest.length })), h("ol", { start: SHOWN + 1 }, ...rest)) : null,
  );
}

/** Rulings that are not followed and samplings that differ, each with what to do. @param {any[]} doubts */
export function doubtList(doubts) {
  if (!doubts?.length) return null;
  return h("li", { class: "watch doubt" }, h("h3", {}, word("console.doubts")), h("ul", {}, ...doubts.map(alarmEntry)));
}
