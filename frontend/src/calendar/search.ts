/** Search over a year back and a year ahead of today, as the person types in the top bar. */

import { h, icon, must, replace } from "../kit/dom";
import { listEvents, reasonOf } from "./api";
import { eventRow } from "./event-list";
import { plural, titleOf } from "./format";
import type { State } from "./state";
import type { CalendarEvent } from "./types";
import { addMonths, today } from "./zones";

const MONTHS_BACK = 12;
const MONTHS_AHEAD = 12;
const SHOWN = 50;
const PAUSE_MS = 150;
const KEPT_MS = 30_000;

export class Search {
  private readonly input = must<HTMLInputElement>("[data-search]");
  private readonly root = h("div", { class: "search-results", hidden: true });
  private cache: { at: number; events: Promise<CalendarEvent[]> } | null = null;
  private timer = 0;

  constructor(
    private readonly state: State,
    private readonly onPick: (event: CalendarEvent) => void,
  ) {
    this.input.form?.append(this.root);
    this.input.form?.addEventListener("submit", (submit) => {
      submit.preventDefault();
      void this.run();
    });
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.run(), PAUSE_MS);
    });
    for (const element of [this.input, this.root]) {
      element.addEventListener("keydown", (press) => this.onKey(press as KeyboardEvent));
    }
    document.addEventListener("pointerdown", (press) => {
      const { target } = press;
      if (target instanceof Node && !this.root.contains(target) && target !== this.input)
        this.close();
    });
    if (this.input.value) void this.run();
  }

  private async run(): Promise<void> {
    const words = this.input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return this.close();
    this.root.hidden = false;
    if (!this.cache)
      replace(this.root, h("p", { class: "menu-note", "aria-busy": "true" }, "Searching…"));
    try {
      const events = await this.all();
      this.show(events.filter((event) => matches(event, words)));
    } catch (error) {
      this.cache = null;
      replace(this.root, h("p", { class: "menu-note error" }, reasonOf(error)));
    }
  }

  private all(): Promise<CalendarEvent[]> {
    if (!this.cache || Date.now() - this.cache.at > KEPT_MS) {
      const now = today(this.state.me.time_zone);
      const range = {
        start: `${addMonths(now, -MONTHS_BACK)}T00:00:00Z`,
        end: `${addMonths(now, MONTHS_AHEAD)}T00:00:00Z`,
        users: [...new Set([...this.state.shownPeople, this.state.me.id])],
      };
      this.cache = { at: Date.now(), events: listEvents(range) };
    }
    return this.cache.events;
  }

  private show(found: CalendarEvent[]): void {
    const now = today(this.state.me.time_zone);
    const ahead = found.filter((event) => event.end.slice(0, 10) >= now);
    const past = found.filter((event) => event.end.slice(0, 10) < now).reverse();
    const once = oncePerSeries([...ahead, ...past]);
    const rows = once.slice(0, SHOWN).map((event) => this.result(event));
    const note = once.length
      ? plural(once.length, "event", "events")
      : "Nothing found within a year of today. Try another word.";
    replace(
      this.root,
      h("p", { class: "menu-note", role: "status" }, note),
      h("ul", { class: "event-rows" }, ...rows),
    );
  }

  private result(event: CalendarEvent): HTMLElement {
    const row = eventRow(this.state, event, icon("right"));
    row.tabIndex = 0;
    row.setAttribute("role", "link");
    row.setAttribute("aria-label", titleOf(event));
    row.addEventListener("click", () => this.pick(event));
    row.addEventListener("keydown", (press) => {
      if (press.key === "Enter") this.pick(event);
    });
    return row;
  }

  private pick(event: CalendarEvent): void {
    this.close();
    this.input.blur();
    this.onPick(event);
  }

  private close(): void {
    this.root.hidden = true;
  }

  private onKey(press: KeyboardEvent): void {
    if (press.key === "Escape") {
      this.close();
      this.input.blur();
    }
    if (press.key !== "ArrowDown" && press.key !== "ArrowUp") return;
    press.preventDefault();
    const rows = [...this.root.querySelectorAll<HTMLElement>(".event-row")];
    const place = rows.indexOf(document.activeElement as HTMLElement);
    const next = place + (press.key === "ArrowDown" ? 1 : -1);
    (rows[next] ?? this.input).focus();
  }
}

/** Of a series its next date, or else its last one; a date with a name of its own is another find. */
function oncePerSeries(events: CalendarEvent[]): CalendarEvent[] {
  const found = new Map<string, CalendarEvent>();
  for (const event of events) {
    const key = `${event.id} ${event.subject}`;
    if (!found.has(key)) found.set(key, event);
  }
  return [...found.values()];
}

function matches(event: CalendarEvent, words: string[]): boolean {
  const people = event.attendees.map((one) => one.name || one.email || "");
  const text = [event.subject, event.location, event.description, ...event.categories, ...people]
    .join(" ")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
