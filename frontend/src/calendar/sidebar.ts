/** The left column's lists: whose calendars are shown, and which categories. */

import { Temporal } from "temporal-polyfill";
import { freshId, h, must, replace } from "../kit/dom";
import { findPeople } from "./api";
import { knownCategories } from "./event-form";
import { hueOfName, hueOfPerson } from "./hues";
import type { State } from "./state";
import { deviceZone, sameClock, zoneName } from "./zones";

const KEPT = "leansoft.people";

export async function showPeople(state: State): Promise<void> {
  const people = await findPeople("");
  state.colleagues = people.filter((one) => one.kind === "user" && one.user_id !== state.me.id);
  const known = new Set(state.colleagues.map((one) => one.user_id));
  for (const id of keptPeople()) if (known.has(id)) state.shownPeople.add(id);
  renderPeople(state);
  state.changed("people");
}

function keptPeople(): number[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  } catch {
    return [];
  }
}

function renderPeople(state: State): void {
  const rows = [
    { id: state.me.id, name: state.me.name || state.me.email, note: "You" },
    ...state.colleagues.map((one) => ({
      id: one.user_id ?? 0,
      name: one.name || (one.email ?? ""),
      note: "",
    })),
  ];
  replace(must("#people-list"), ...rows.map((row) => personRow(state, row)));
}

function personRow(
  state: State,
  { id, name, note }: { id: number; name: string; note: string },
): HTMLElement {
  return checkRow(name, hueOfPerson(state, id), state.shownPeople.has(id), note, (checked) => {
    if (checked) state.shownPeople.add(id);
    else state.shownPeople.delete(id);
    const others = [...state.shownPeople].filter((one) => one !== state.me.id);
    localStorage.setItem(KEPT, JSON.stringify(others));
    state.changed("people");
  });
}

export function renderCategories(state: State): void {
  const names = new Set([...knownCategories(state), ...state.hiddenCategories]);
  must("#categories").hidden = names.size === 0;
  const rows = [...names]
    .sort((a, b) => a.localeCompare(b))
    .map((name) => categoryRow(state, name));
  replace(must("#category-list"), ...rows);
}

function categoryRow(state: State, name: string): HTMLElement {
  return checkRow(name, hueOfName(name), !state.hiddenCategories.has(name), "", (checked) => {
    if (checked) state.hiddenCategories.delete(name);
    else state.hiddenCategories.add(name);
    state.changed("filter");
  });
}

/** Says whose clock the grid shows, and when the device's own clock shows another. */
export function showZone(state: State): void {
  const zone = state.me.time_zone;
  const device = deviceZone();
  const same = sameClock(zone, device, Temporal.Now.instant());
  const note = `Times in ${zoneName(zone)}`;
  must("#zone-note").textContent = same ? note : `${note}. This device is in ${zoneName(device)}.`;
}

/** On a phone the left column comes over the grid when asked for. */
export function enableDrawer(): void {
  const button = must("#show-sidebar");
  const show = (open: boolean) => {
    document.body.classList.toggle("sidebar-open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => show(!document.body.classList.contains("sidebar-open")));
  document.addEventListener("click", (click) => {
    const { target } = click;
    if (!(target instanceof Element) || button.contains(target)) return;
    if (!target.closest("#sidebar") || target.closest("[data-view], [data-date], [data-new-event]"))
      show(false);
  });
  document.addEventListener("keydown", (press) => press.key === "Escape" && show(false));
}

function checkRow(
  name: string,
  hue: number,
  checked: boolean,
  note: string,
  onToggle: (checked: boolean) => void,
): HTMLElement {
  const id = freshId("show");
  const input = h("input", { type: "checkbox", id, checked, class: `hue-check hue-${hue}` });
  input.addEventListener("change", () => onToggle(input.checked));
  const label = h("label", { for: id, class: "truncate", title: name }, name);
  return h(
    "li",
    { class: "check-row" },
    input,
    label,
    note ? h("span", { class: "muted small" }, note) : null,
  );
}
