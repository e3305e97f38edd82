// Small hands for building the page without a framework. Text only ever enters as text, never as HTML.

/**
 * Make an element.
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `on` is a table of listeners; `data` one of data attributes; false and null are left out
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child || child === 0) element.append(child);
  return element;
}

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/**
 * Replace what a container holds; the focus, the scroll and the opened reasons stay where they were.
 * Elements are recognised by their data-key.
 * @param {HTMLElement} container
 * @param {Node[]} children
 */
export function redraw(container, children) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.closest?.("[data-key]")?.dataset.key;
  const open = new Set([...container.querySelectorAll("details[open][data-key]")].map((d) => d.dataset.key));
  const scrolls = new Map([...container.querySelectorAll("[data-scroll]")].map((e) => [e.dataset.scroll, e.scrollTop]));
  const top = container.scrollTop;
  container.replaceChildren(...children);
  for (const details of container.querySelectorAll("details[data-key]")) details.open = open.has(details.dataset.key);
  for (const element of container.querySelectorAll("[data-scroll]")) element.scrollTop = scrolls.get(element.dataset.scroll) ?? 0;
  container.scrollTop = top;
  if (!key) return;
  const again = container.querySelector(`[data-key="${CSS.escape(key)}"]`);
  (again?.matches("button, summary, input") ? again : again?.querySelector("summary, button"))?.focus({ preventScroll: true });
}
