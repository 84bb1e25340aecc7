/** New events and the difference between an event and what the form says. */

import type { Selection } from "./grid";
import type { State } from "./state";
import type { Attendee, CalendarEvent, EventFields } from "./types";
import { addDays, addMinutes, minutesBetween, nowIn, today, wallAt } from "./zones";

const DEFAULT_MINUTES = 30;
/** The grid's smallest step: a selection of one step is a click. */
export const SNAP_MINUTES = 15;

export function emptyDraft(state: State): EventFields {
  return {
    subject: "",
    description: "",
    location: "",
    ...nextHalfHour(state.me.time_zone),
    time_zone: state.me.time_zone,
    all_day: false,
    rrule: null,
    attendees: [],
    show_as: "busy",
    sensitivity: "normal",
    importance: "normal",
    reminder_minutes: state.me.default_reminder_minutes,
    categories: [],
    online_meeting: false,
  };
}

function nextHalfHour(zone: string): { start: string; end: string } {
  const now = nowIn(zone);
  const past = now.minute % DEFAULT_MINUTES;
  const start = now.add({ minutes: DEFAULT_MINUTES - past }).toString({ smallestUnit: "minute" });
  return { start, end: addMinutes(start, DEFAULT_MINUTES) };
}

/** A new event on a day that is not today begins at nine. */
export function draftOn(state: State, date: string): EventFields {
  const draft = emptyDraft(state);
  if (date === today(state.me.time_zone)) return draft;
  const start = `${date}T09:00`;
  return { ...draft, start, end: addMinutes(start, DEFAULT_MINUTES) };
}

export function draftFrom(state: State, selection: Selection): EventFields {
  const draft = emptyDraft(state);
  if (selection.allDay) {
    const start = selection.start.slice(0, 10);
    const end = selection.end.slice(0, 10) || addDays(start, 1);
    return { ...draft, start, end, all_day: true, show_as: "free" };
  }
  const zone = state.me.time_zone;
  const wall = (iso: string) => wallAt(new Date(iso).toISOString(), zone);
  const [start, end] = [wall(selection.start), wall(selection.end)];
  const isClick = minutesBetween(start, end) <= SNAP_MINUTES;
  return { ...draft, start, end: isClick ? addMinutes(start, DEFAULT_MINUTES) : end };
}

export function fieldsOf(event: CalendarEvent): EventFields {
  return {
    subject: event.subject,
    description: event.description,
    location: event.location,
    start: trimmed(event.start),
    end: trimmed(event.end),
    time_zone: event.time_zone,
    all_day: event.all_day,
    rrule: event.rrule,
    attendees: event.attendees.map(person),
    show_as: event.show_as,
    sensitivity: event.sensitivity,
    importance: event.importance,
    reminder_minutes: event.reminder_minutes,
    categories: event.categories,
    online_meeting: event.online_meeting,
  };
}

/** Wall times are compared to the minute. */
function trimmed(wall: string): string {
  return wall.slice(0, wall.includes("T") ? 16 : 10);
}

function person({ email, name, type }: Attendee): Attendee {
  return { email, name, type };
}

const WHEN = ["start", "end", "all_day", "time_zone"] as const;

/** Only what differs is sent; start, end, zone and all-day travel together. */
export function changesBetween(before: EventFields, after: EventFields): Partial<EventFields> {
  const changes: Record<string, unknown> = {};
  for (const name of Object.keys(after) as (keyof EventFields)[]) {
    if (JSON.stringify(comparable(before, name)) !== JSON.stringify(comparable(after, name))) {
      changes[name] = after[name];
    }
  }
  if (WHEN.some((name) => name in changes)) {
    for (const name of WHEN) changes[name] = after[name];
  }
  return changes as Partial<EventFields>;
}

function comparable(fields: EventFields, name: keyof EventFields): unknown {
  return name === "attendees" ? fields.attendees.map(person) : fields[name];
}
