// The desk's own HTTP: JSON in, JSON out, problems as {problem, hint} in both languages, one event stream.

/** What the server says is wrong, and what to do. */
export class Problem extends Error {
  /** @param {{problem: string, hint: string, texts?: Record<string, {problem: string, hint: string}>}} body */
  constructor(body) {
    super(body.problem);
    this.texts = body.texts ?? { en: body, fr: body };
  }

  /** @param {"en" | "fr"} language */
  in(language) {
    return this.texts[language] ?? this.texts.en;
  }
}

/**
 * @param {string} address
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
export async function ask(address, options = {}) {
  const answer = await fetch(address, options);
  if (answer.ok) return answer.json();
  let body = null;
  try {
    body = await answer.json();
  } catch {
    body = null;
  }
  if (body?.problem) throw new Problem(body);
  throw new Error(`${address}: ${answer.status}`);
}

/** @param {string} at ISO minute, or "" for now @param {string} language @param {AbortSignal} [signal] */
export const askPicture = (at, language, signal) =>
  ask(`/api/picture?lang=${language}${at ? `&at=${encodeURIComponent(at)}` : ""}`, { signal });

/** What the newest reports may be about, provisionally. @param {string} language */
export const askLive = (language) => ask(`/api/live?lang=${language}`);

/** @param {string} boat @param {string} at @param {AbortSignal} [signal] */
export const askCloud = (boat, at, signal) =>
  ask(`/api/cloud?boat=${encodeURIComponent(boat)}${at ? `&at=${encodeURIComponent(at)}` : ""}`, { signal });

/** @param {string} address @param {Record<string, any>} form */
const send = (address, form) => ask(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(form) });

/** @param {Record<string, any>} form */
export const sendReport = (form) => send("/api/reports", form);

/** @param {Record<string, any>} form */
export const sendRuling = (form) => send("/api/rulings", form);

/** Milliseconds without a sign of the desk, which gives one every 700, after which nobody answers. */
const SILENT = 1900;

/**
 * Listen to the record. The browser reconnects by itself and resumes after the last event it saw.
 * A desk that hangs closes no line, so its silence is an alarm as well.
 * @param {{onEvent: (head: number) => void, onLink: (up: boolean) => void}} listeners
 */
export function listen({ onEvent, onLink }) {
  const stream = new EventSource("/api/events");
  let heard = performance.now();
  const hear = () => {
    heard = performance.now();
    onLink(true);
  };
  stream.addEventListener("open", hear);
  stream.addEventListener("alive", hear);
  stream.addEventListener("error", () => onLink(false));
  stream.addEventListener("record", (message) => {
    hear();
    onEvent(JSON.parse(message.data).head);
  });
  setInterval(() => performance.now() - heard > SILENT && onLink(false), 100);
  return stream;
}
