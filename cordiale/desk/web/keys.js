// One key each. Keys rest while somebody types.

/**
 * @param {{acts: Record<string, () => void>, seat: any, now: any, choose: (boat: string) => void, openTab: (tab: string) => void, pan: (right: number, down: number) => void}} desk
 */
export function bindKeys({ acts, now, choose, openTab, pan }) {
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowLeft: acts.back, ArrowRight: acts.forward, n: acts.palette, l: acts.language, f: acts.fit, c: acts.areas, 0: acts.live,
    ",": acts["minute-back"], ".": acts["minute-forward"], "+": acts["zoom-in"], "=": acts["zoom-in"], "-": acts["zoom-out"],
    b: () => openTab("boats"), r: () => openTab("reports"), g: () => openTab("log"), a: () => openTab("add"), "?": () => openTab("keys"),
  };
  const moves = { ArrowLeft: [-120, 0], ArrowRight: [120, 0], ArrowUp: [0, -120], ArrowDown: [0, 120] };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches("textarea, select, input:not([type=range])")) return;
    if (event.shiftKey && event.key in moves) {
      event.preventDefault();
      pan(...moves[event.key]);
      return;
    }
    if (event.key === " ") {
      if (target.matches("button, summary")) return;
      event.preventDefault();
      acts.play();
      return;
    }
    const number = Number(event.key);
    if (number >= 1 && number <= 9 && now.ordered[number - 1]) return choose(now.ordered[number - 1].boat);
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
