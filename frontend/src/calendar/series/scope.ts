/** Which dates of a series an edit is for. */

import type { CalendarEvent, EventFields } from "../types";
import { dateOf, parseRule, type Rule } from "./rule";
import { datesBefore } from "./rule-dates";

export type Scope = "this" | "following" | "all";
export type Changes = Partial<EventFields>;

/** One date of a series. */
export type Occurrence = CalendarEvent & { original_start: string; rrule: string };

export function isOccurrence(event: CalendarEvent): event is Occurrence {
  return event.original_start !== null;
}

const PERSONAL = new Set(["show_as", "reminder_minutes", "categories"]);

/** Whether only the reader sees what changes. */
export function isPersonal(changes: Changes): boolean {
  return Object.keys(changes).every((name) => PERSONAL.has(name));
}

export function scopesOf(event: Occurrence, changes: Changes): [Scope, ...Scope[]] {
  if (event.access !== "organizer" || isPersonal(changes)) return ["this", "all"];
  if (changes.rrule !== undefined) return ["following", "all"];
  return canFollow(event, changes) ? ["this", "following", "all"] : ["this"];
}

/** A rule that the form cannot show does not follow a date to another day. */
function canFollow(event: Occurrence, { start }: Changes): boolean {
  const isSameDay = !start || dateOf(start).equals(dateOf(event.start));
  return isSameDay || ruleOf(event) !== null;
}

function ruleOf(event: Occurrence): Rule | null {
  return parseRule(event.rrule, { ...event, start: event.original_start });
}

/** What is sent for the dates in `scope`. `series` is the series itself, from its first date. */
export function changesFor(
  scope: Scope,
  event: Occurrence,
  changes: Changes,
  series: CalendarEvent,
): Changes {
  const rrule = changes.rrule;
  return rrule && scope === "following"
    ? { ...changes, rrule: rest(rrule, event, series) }
    : changes;
}

/** "10 times" was said of the whole series: the dates before this one count. */
function rest(rrule: string, event: Occurrence, series: CalendarEvent): string {
  const rule = ruleOf(event);
  if (!rule?.count || !rrule.includes(`COUNT=${rule.count}`)) return rrule;
  const passed = datesBefore(rule, dateOf(series.start), dateOf(event.original_start));
  return rrule.replace(/COUNT=\d+/, `COUNT=${rule.count - passed}`);
}

/** Those of the events that are dates of the same series and in the scope. */
export function datesIn(
  events: Iterable<CalendarEvent>,
  event: Occurrence,
  scope: Scope,
): CalendarEvent[] {
  const { id, original_start: from } = event;
  return [...events].filter((other) => {
    if (other.id !== id || !other.original_start) return false;
    if (scope === "all") return true;
    return scope === "this" ? other.original_start === from : other.original_start >= from;
  });
}
