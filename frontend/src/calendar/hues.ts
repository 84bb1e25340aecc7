/** Which of the eight hues something gets: the reader's own events the first, the rest by name. */

import type { State } from "./state";
import type { CalendarEvent } from "./types";

const HUES = 8;
const OWN = 0;

/** Outlook names its own categories by their colours, such as "Red category". */
const NAMED = new Map(
  Object.entries({ green: 1, orange: 2, purple: 3, blue: 4, red: 5, yellow: 6, pink: 7 }),
);

/** Stable for a name, and never the reader's own hue. */
export function hueOfName(name: string): number {
  const named = NAMED.get(name.toLowerCase().split(" ", 1)[0] ?? "");
  if (named !== undefined) return named;
  let hash = 0;
  for (const letter of name.toLowerCase()) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return 1 + (hash % (HUES - 1));
}

/** Colleagues get the hues in turn, so that the first seven never share one. */
export function hueOfPerson(state: State, userId: number): number {
  if (userId === state.me.id) return OWN;
  const place = state.colleagues.findIndex((person) => person.user_id === userId);
  return 1 + (Math.max(place, 0) % (HUES - 1));
}

export function isOwn(event: CalendarEvent): boolean {
  return event.access === "organizer" || event.access === "attendee";
}

export function hueOfEvent(state: State, event: CalendarEvent): number {
  if (isOwn(event)) {
    const [category] = event.categories;
    return category ? hueOfName(category) : OWN;
  }
  const shown = event.user_ids.find((id) => state.shownPeople.has(id)) ?? event.user_ids[0];
  return shown === undefined ? OWN : hueOfPerson(state, shown);
}
