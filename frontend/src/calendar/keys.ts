/** One-letter keys, when nobody is typing and nothing modal is open. */

import { isTyping } from "../kit/dom";

export interface KeyActions {
  [key: string]: () => void;
}

/** What `?` shows, in this order. */
export const KEY_HELP: [keys: string[], what: string][] = [
  [["c"], "New event"],
  [["t"], "Go to today"],
  [["d"], "Day"],
  [["w"], "Week"],
  [["m"], "Month"],
  [["a"], "Agenda"],
  [["j", "→"], "Forward"],
  [["k", "←"], "Back"],
  [["/"], "Search"],
  [["Tab", "Enter"], "Walk through events, open one"],
  [["e"], "Edit the event that is open or focused"],
  [["Backspace"], "Delete it"],
  [["Ctrl", "Enter"], "Save the form"],
  [["Esc"], "Close what is open"],
  [["?"], "These keys"],
];

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
