// A report typed at the desk. The server reads it; what it cannot read it keeps, and says so with a hint.
import { Problem, sendReport } from "./desk.js";
import { byId, h } from "./dom.js";
import { coded, currentLanguage, word } from "./words.js";

const STATES = ["under_way", "adrift", "taking_water", "swamped", "in_the_water", "refusing_help", "beached"];
const KINDS = ["distress_call", "position_pin", "missed_call", "relay", "sighting", "radar_plot", "ais_plot", "departure", "find"];

/** @param {string} name @param {HTMLElement} field @param {string} [help] */
function labelled(name, field, help) {
  field.setAttribute("name", name);
  field.dataset.key = `form-${name}`;
  return h("label", {}, h("span", {}, word(`console.form_${name}`)), field, help ? h("span", { class: "help" }, help) : null);
}

/** @param {string} section @param {string[]} codes @param {boolean} withUnknown */
const choice = (section, codes, withUnknown) =>
  h(
    "select",
    {},
    withUnknown ? h("option", { value: "" }, word("console.unknown")) : null,
    ...codes.map((code) => h("option", { value: code }, coded(section, code))),
  );

/** The form; it is built once a language and keeps what was typed. @param {() => void} onSent */
export function reportForm(onSent) {
  const form = /** @type {HTMLFormElement} */ (
    h(
      "form",
      { class: "form", autocomplete: "off", id: "report-form" },
      labelled("kind", choice("kind", KINDS, false)),
      labelled("position", h("input", { type: "text" }), word("console.form_position_help")),
      labelled("time", h("input", { type: "text" }), word("console.form_time_help")),
      h("div", { class: "pair" }, labelled("persons", h("input", { type: "text" })), labelled("state", choice("state", STATES, true))),
      labelled("phone", h("input", { type: "tel" }), word("console.form_phone_help")),
      labelled("words", h("textarea", {})),
      h("button", { class: "send", type: "submit" }, word("console.form_send")),
      h("div", { class: "answer", role: "status", id: "form-answer" }),
    )
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form, onSent);
  });
  return form;
}

/** @param {HTMLFormElement} form @param {() => void} onSent */
async function send(form, onSent) {
  const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector(".send"));
  button.disabled = true;
  try {
    const kept = await sendReport(fields);
    const flags = (kept.flags ?? []).map((flag) => coded("flag", flag)).join(", ");
    const problem = kept.problems?.[0]?.[currentLanguage()];
    answer(problem ? "problem" : "kept", [
      word("console.form_kept", { report: kept.report }) + (flags ? ` (${flags})` : ""),
      ...(problem ? [problem.problem, problem.hint] : []),
    ]);
    if (!problem) form.reset();
    onSent();
  } catch (error) {
    const said = error instanceof Problem ? error.in(currentLanguage()) : { problem: word("console.link_lost"), hint: word("console.link_lost_hint") };
    answer("problem", [said.problem, said.hint]);
  } finally {
    button.disabled = false;
  }
}

/** @param {string} kind @param {string[]} lines */
function answer(kind, lines) {
  const box = byId("form-answer");
  box.dataset.kind = kind;
  box.replaceChildren(...lines.map((line) => h("p", {}, line)));
}
