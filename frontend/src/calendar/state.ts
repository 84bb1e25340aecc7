/** What the page knows, shared by its parts. Who changes it calls `changed` so that others follow. */

import type { CalendarEvent, Me, OutlookStatus, Person } from "./types";

type Topic = "events" | "people" | "outlook" | "filter";

export class State {
  /** Events of the range on screen, by id; a series' occurrences share an id and are keyed apart. */
  readonly events = new Map<string, CalendarEvent>();
  colleagues: Person[] = [];
  readonly shownPeople = new Set<number>();
  readonly hiddenCategories = new Set<string>();
  outlook: OutlookStatus;
  private readonly listeners = new Map<Topic, (() => void)[]>();

  constructor(
    readonly me: Me,
    outlook: OutlookStatus,
  ) {
    this.outlook = outlook;
    this.shownPeople.add(me.id);
  }

  on(topic: Topic, listener: () => void): void {
    this.listeners.set(topic, [...(this.listeners.get(topic) ?? []), listener]);
  }

  changed(topic: Topic): void {
    for (const listener of this.listeners.get(topic) ?? []) listener();
  }

  nameOf(userId: number): string {
    if (userId === this.me.id) return "You";
    return this.colleagues.find((person) => person.user_id === userId)?.name ?? "A colleague";
  }

  isMe(email: string | null): boolean {
    return email?.toLowerCase() === this.me.email.toLowerCase();
  }
}

/** The key of an event on screen. */
export function keyOf(event: CalendarEvent): string {
  return event.original_start ? `${event.id}@${event.original_start}` : event.id;
}
