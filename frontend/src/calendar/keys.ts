/** The calendar's keys, as `?` shows them, in this order. */

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
