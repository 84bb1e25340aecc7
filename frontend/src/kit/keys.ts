/** One-letter keys, when nobody is typing and nothing modal is open. */

import { isTyping } from "./dom";

export interface KeyActions {
  [key: string]: () => void;
}

export function listenToKeys(actions: KeyActions): void {
  document.addEventListener("keydown", (press) => {
    if (press.defaultPrevented || press.ctrlKey || press.metaKey || press.altKey) return;
    if (isTyping(press.target) || document.querySelector("dialog:modal")) return;
    const act = actions[press.key];
    if (!act) return;
    press.preventDefault();
    act();
  });
}
