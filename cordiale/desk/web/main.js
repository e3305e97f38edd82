// The console: one picture at one instant, seen from one seat.
import { boatDetail, boatList, isDormant } from "./boats.js";
import { Problem, ask, askCloud, askLive, askPicture, listen } from "./desk.js";
import { byId, h, redraw } from "./dom.js";
import { age, date, isoMinute, seconds, zulu } from "./format.js";
import { boatCalled } from "./find.js";
import { reportForm } from "./form.js";
import { bindKeys } from "./keys.js";
import { keyList, legend } from "./legend.js";
import { Chart, hasWebGL } from "./map.js";
import { logList, reportLists } from "./reports.js";
import { ruled } from "./rulings.js";
import { readSeat, writeSeat } from "./state.js";
import { STEP, TimeBar } from "./timebar.js";
import { byUrgency } from "./urgency.js";
import { currentLanguage, loadWords, missing, word } from "./words.js";

const root = document.documentElement;
const seat = readSeat();
/** @type {{times: any, picture: any, live: any, ordered: any[], particles: [number, number][], chart: Chart | null, bar: TimeBar | null, linked: boolean, seen: boolean, form: HTMLElement | null, asked: number, fitted: boolean, everyone: boolean, received: number}} */
const now = { times: null, picture: null, live: null, ordered: [], particles: [], chart: null, bar: null, linked: true, seen: false, form: null, asked: 0, fitted: false, everyone: false, received: 0 };
/** @type {AbortController | null} */
let asking = null;

/** A problem stays in sight until somebody puts it away. @param {{problem: string, hint?: string}} said @param {string} key */
function tellProblem(said, key) {
  byId(`problem-${key}`)?.remove();
  const away = h("button", { type: "button", on: { click: () => box.remove() } }, word("console.put_away"));
  const box = h("div", { class: "problem", id: `problem-${key}` }, h("p", {}, h("strong", {}, said.problem), said.hint ?? ""), away);
  byId("problems").append(box);
}

/** @param {unknown} error @param {string} key */
function tellError(error, key) {
  if (error instanceof Problem) tellProblem(error.in(currentLanguage()), key);
  else tellProblem({ problem: word("console.link_lost"), hint: word("console.link_lost_hint") }, key);
}

/** A record that is not whole: put away, the banner comes back with the next picture. @param {{text: string}[]} flaws */
function tellDamage(flaws) {
  byId("problem-record")?.remove();
  if (!flaws.length) return;
  const hint = word("console.record_damaged_hint", { flaws: flaws.map((flaw) => flaw.text).join("; ") });
  tellProblem({ problem: word("console.record_damaged"), hint }, "record");
}

/** The span of the slider in seconds. */
async function askTimes() {
  const times = await ask("/api/times");
  for (const name of ["earliest", "latest", "opening"]) times[name] = seconds(times[name]);
  times.received = times.received.map(seconds);
  now.times = times;
}

/** The instant of the picture asked for, in seconds. */
const instant = () => (seat.at ? seconds(seat.at) : now.picture ? seconds(now.picture.at) : now.times.latest);

/** Ask for the picture at the seat's time; an older question is dropped. */
async function refresh() {
  asking?.abort();
  const mine = (asking = new AbortController());
  const slow = setTimeout(() => (byId("progress").textContent = word("console.computing")), 200);
  root.dataset.busy = "true";
  try {
    const picture = await askPicture(seat.at, seat.lang, mine.signal);
    now.picture = picture;
    now.received = performance.now();
    const [asleep, awake] = [true, false].map((is) => (picture.boats ?? []).filter((/** @type {any} */ boat) => isDormant(boat, picture) === is));
    now.ordered = [...byUrgency(awake), ...byUrgency(asleep)];
    now.particles = chosenBoat()?.sample ?? [];
    byId("problem-picture")?.remove();
    tellDamage(picture.record_flaws ?? []);
    render();
    void foresee();
    void refine(mine.signal);
  } catch (error) {
    if (mine.signal.aborted) return;
    tellError(error, "picture");
  } finally {
    clearTimeout(slow);
    if (asking === mine) {
      byId("progress").textContent = "";
      root.dataset.busy = "false";
    }
  }
}

/** What the newest reports may be about, while the picture that counts is computed; without an answer the picture comes all the same. */
async function foresee() {
  now.live = seat.at || !now.times.live ? null : await askLive(seat.lang).catch(() => null);
  if (now.picture) renderPanel();
}

/** The boat asked for, under whatever name she has in this picture. */
const chosenBoat = () => {
  const name = now.picture && boatCalled(now.picture, seat.boat);
  return now.ordered.find((boat) => boat.boat === name);
};

/** Fetch the whole cloud of the selected boat, after its sample has been shown. @param {AbortSignal} signal */
async function refine(signal) {
  const boat = chosenBoat();
  if (!boat) return;
  try {
    const cloud = await askCloud(boat.boat, seat.at, signal);
    if (signal.aborted || chosenBoat()?.boat !== cloud.boat || cloud.at !== now.picture.at) return;
    now.particles = cloud.particles;
    showMap();
  } catch (error) {
    if (!signal.aborted) tellError(error, "cloud");
  }
}

/** Draw the map, then say which picture is on the screen. */
function showMap() {
  const picture = now.picture;
  if (!now.chart) {
    if (root.dataset.map === "missing") Object.assign(root.dataset, { at: picture.at, ready: "true" });
    return;
  }
  now.chart.show(picture, now.ordered, chosenBoat()?.boat ?? seat.boat, now.particles, now.everyone);
  if (!now.fitted && now.ordered.length) {
    now.fitted = true;
    now.chart.fit(picture);
  }
  void now.chart.drawn().then(() => {
    if (now.picture === picture) Object.assign(root.dataset, { at: picture.at, ready: "true", boat: seat.boat, particles: String(now.particles.length) });
  });
}

/** How long ago the picture came, by this machine's clock. */
function pictureAge() {
  const passed = Math.round((performance.now() - now.received) / 1000);
  return passed < 120 ? `${passed} s` : age(passed);
}

/** Everything that follows from the picture, the seat and the language. */
function render() {
  const { picture, times } = now;
  const at = seconds(picture.at);
  const following = times.live && !seat.at;
  byId("clock").textContent = zulu(at);
  byId("clock").setAttribute("datetime", picture.at);
  byId("date").textContent = date(at);
  const chip = byId("state");
  const kind = times.live && !now.linked ? "lost" : following ? "live" : "replay";
  chip.dataset.kind = kind;
  chip.textContent = kind === "replay" && !times.live ? word("console.replay_of", { name: times.name }) : word(`console.state_${kind}`, { age: pictureAge() });
  byId("synthetic").hidden = !picture.reports.some((report) => report.mark?.kind === "SYNTHETIC");
  byId("live").hidden = !times.live || following;
  byId("palette").textContent = word(seat.palette === "day" ? "console.to_night" : "console.to_day");
  byId("language").textContent = word("console.other_language");
  byId("language").lang = seat.lang === "en" ? "fr" : "en";
  byId("notice").hidden = now.seen || !picture.notice;
  byId("notice-text").replaceChildren(...String(picture.notice ?? "").split("\n").filter(Boolean).map((line) => h("p", {}, line)));
  byId("legend").replaceChildren(legend(seat.palette));
  byId("legend-box").hidden = !now.chart;
  byId("no-map").textContent = now.chart ? "" : word("console.no_webgl");
  if (!asking || Math.abs(now.asked - at) < 60 || following) now.bar?.point(seat.at ? seconds(seat.at) : at);
  now.bar?.name();
  renderPanel();
  showMap();
}

/** Tabs of the panel and what they hold. */
function renderPanel() {
  const { picture, times } = now;
  Object.assign(ruled, { picture, writable: times.writable && !seat.at, onKept: () => void refresh() });
  const about = picture.reports.length;
  const tabs = [
    ["boats", word("console.tab_boats", { count: now.ordered.length })],
    ["reports", word("console.tab_reports", { count: about })],
    ["log", word("console.tab_log", { count: (picture.log?.length ?? 0) + (picture.rulings?.length ?? 0) })],
    ...(times.writable ? [["add", word("console.tab_add")]] : []),
    ["keys", "?"],
  ];
  if (!tabs.some(([tab]) => tab === seat.tab)) seat.tab = "boats";
  const button = ([tab, name]) =>
    h("button", { type: "button", "aria-label": tab === "keys" && word("console.tab_keys"), "aria-current": String(tab === seat.tab), data: { key: `tab-${tab}` }, on: { click: () => openTab(tab) } }, name);
  redraw(byId("tabs"), tabs.map(button));
  const page = byId("page");
  const boat = seat.tab === "boats" ? chosenBoat() : undefined;
  page.classList.toggle("split", Boolean(boat));
  if (seat.tab === "boats")
    redraw(page, [boatList(now.ordered, picture, boat?.boat ?? seat.boat, choose), ...(boat ? [boatDetail(boat, picture, seat.boat)] : [])]);
  else if (seat.tab === "reports") redraw(page, [reportLists(picture, choose, now.live)]);
  else if (seat.tab === "log") redraw(page, [logList(picture)]);
  else if (seat.tab === "keys") redraw(page, [keyList(times.writable)]);
  else if (page.firstChild !== (now.form ??= reportForm(() => void refresh()))) page.replaceChildren(now.form);
}

/** @param {string} tab */
function openTab(tab) {
  if (tab === "add" && !now.times.writable) return;
  seat.tab = tab;
  byId("page").scrollTop = 0;
  writeSeat(seat);
  renderPanel();
  if (tab === "add") now.form?.querySelector("input")?.focus();
}

/** Select a boat; again on the same boat brings it into view. @param {string} boat */
function choose(boat) {
  const again = seat.boat === boat;
  seat.boat = boat;
  if (seat.tab !== "boats") seat.tab = "boats";
  writeSeat(seat);
  now.particles = chosenBoat()?.sample ?? [];
  const chosen = chosenBoat();
  if (chosen && now.chart && (again || !now.chart.sees(chosen))) now.chart.fit(now.picture, chosen);
  render();
  document.querySelector(`[data-key="boat-${CSS.escape(chosen?.boat ?? boat)}"]`)?.scrollIntoView({ block: "nearest" });
  void refine((asking ??= new AbortController()).signal);
}

/** Show a report in its list. @param {string} report */
function showReport(report) {
  seat.tab = "reports";
  writeSeat(seat);
  renderPanel();
  const entry = byId(`report-${report}`);
  entry?.scrollIntoView({ block: "center" });
  entry?.focus({ preventScroll: true });
}

let waiting = 0;
/** Move to an instant. @param {number} at seconds */
function goTo(at) {
  seat.at = isoMinute(at);
  now.asked = at;
  now.bar?.point(at);
  writeSeat(seat);
  clearTimeout(waiting);
  waiting = setTimeout(() => void refresh(), 60);
}

/** Follow the clock of a live record. */
function goLive() {
  if (!now.times.live) return;
  seat.at = "";
  writeSeat(seat);
  void refresh();
}

/** Ten minutes on, as soon as the last picture is there; stops at the end. */
async function playOn() {
  if (!now.bar?.playing) return;
  if (root.dataset.busy !== "true" && root.dataset.at === now.picture.at) {
    if (instant() >= now.bar.latest) return togglePlay();
    now.bar.step(instant(), STEP);
  }
  now.bar.playing = window.setTimeout(() => void playOn(), 900);
}

function togglePlay() {
  if (!now.bar) return;
  if (now.bar.playing) {
    clearTimeout(now.bar.playing);
    now.bar.playing = 0;
  } else {
    now.bar.playing = 1;
    void playOn();
  }
  now.bar.name();
}

/** @param {"day" | "night"} palette */
function setPalette(palette) {
  seat.palette = palette;
  root.dataset.palette = palette;
  writeSeat(seat);
  now.chart?.paint(palette);
  render();
}

/** @param {"en" | "fr"} lang */
async function setLanguage(lang) {
  seat.lang = lang;
  writeSeat(seat);
  await loadWords(lang);
  now.form = null;
  if (now.chart) now.chart.base(await ask(`/base.geojson?lang=${lang}`));
  byId("problems").replaceChildren();
  await refresh();
}

function closeNotice() {
  now.seen = true;
  sessionStorage.setItem("notice", "read");
  byId("notice").hidden = true;
  byId("slider").focus();
}

/** What the keys and the buttons do. */
const acts = {
  back: () => now.bar?.step(instant(), -STEP),
  forward: () => now.bar?.step(instant(), STEP),
  "minute-back": () => now.bar?.step(instant(), -60),
  "minute-forward": () => now.bar?.step(instant(), 60),
  play: togglePlay,
  live: goLive,
  palette: () => setPalette(seat.palette === "day" ? "night" : "day"),
  language: () => void setLanguage(seat.lang === "en" ? "fr" : "en"),
  areas: () => {
    now.everyone = !now.everyone;
    if (now.picture) showMap();
  },
  fit: () => now.chart?.fit(now.picture),
  "zoom-in": () => now.chart?.zoom(1),
  "zoom-out": () => now.chart?.zoom(-1),
  "notice-continue": closeNotice,
};

/** Listen to a live record, and let the drift run on from minute to minute. */
function followRecord() {
  const setLink = (up) => {
    if (now.linked === up) return;
    now.linked = up;
    if (now.picture) render();
  };
  const moveOn = async () => {
    await askTimes();
    now.bar?.span(now.times);
    void foresee();
    await refresh();
  };
  const again = () => void moveOn().catch((error) => tellError(error, "picture"));
  let burst = 0;
  const onEvent = () => {
    clearTimeout(burst); // a hundred reports in one commit ask for one picture
    burst = setTimeout(again, 50);
  };
  listen({ onEvent, onLink: setLink });
  setInterval(() => void (seat.at ? null : again()), 60_000);
  setInterval(() => {
    if (!now.linked && now.picture) byId("state").textContent = word("console.state_lost", { age: pictureAge() });
  }, 1000);
}

async function start() {
  root.dataset.palette = seat.palette;
  now.seen = sessionStorage.getItem("notice") === "read";
  await loadWords(seat.lang);
  await askTimes();
  if (!seat.at && !now.times.live) seat.at = isoMinute(now.times.opening);
  now.asked = seat.at ? seconds(seat.at) : now.times.latest;
  now.bar = new TimeBar(now.times, goTo);
  if (seat.at) now.bar.point(seconds(seat.at));
  for (const [id, act] of Object.entries(acts)) byId(id)?.addEventListener("click", act);
  byId("page").replaceChildren(h("p", { class: "empty" }, word("console.computing_first")));
  bindKeys({ acts, seat, now, choose, openTab, pan: (right, down) => now.chart?.pan(right, down) });
  await Promise.all([refresh(), openChart()]);
  if (now.picture) render();
  if (now.times.live) followRecord();
}

/** The map comes when it is ready; the lists do not wait for it. */
async function openChart() {
  if (hasWebGL()) {
    const base = await ask(`/base.geojson?lang=${seat.lang}`);
    const onProblem = (text) => tellProblem({ problem: word("console.map_problem"), hint: text }, "map");
    const onCursor = (text) => (byId("cursor").textContent = text);
    const chart = new Chart(byId("map"), base, seat.palette, { onProblem, onBoat: choose, onReport: showReport, onCursor });
    await chart.loaded();
    now.chart = chart;
    if (chart.palette !== seat.palette) chart.paint(seat.palette);
  }
  byId("no-map").hidden = Boolean(now.chart);
  root.dataset.map = now.chart ? "drawn" : "missing";
}

Object.assign(window, { cordiale: { seat, now, missing } });
start().catch((error) => tellError(error, "start"));
