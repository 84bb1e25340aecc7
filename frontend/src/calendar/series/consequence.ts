/** What an act on dates of a series brings with it: whom Outlook mails, and what else is lost. */

import { type Dates, forecast } from "../api";
import { dayText, plural } from "../format";
import type { Act, CalendarEvent } from "../types";
import type { Consequence } from "./ask-scope";
import { parseRule, ruleText } from "./rule";
import { type Changes, changesFor, isPersonal, type Occurrence, type Scope } from "./scope";

export function datesOf(event: Occurrence, scope: Scope): Dates {
  return { occurrence: event.original_start, scope };
}

export async function ofChange(
  scope: Scope,
  event: Occurrence,
  changes: Changes,
  series: CalendarEvent,
): Promise<Consequence> {
  if (isPersonal(changes)) return { mails: "", text: "It is yours alone: nobody is mailed." };
  const sent = changesFor(scope, event, changes, series);
  const mails = await mailsOf("edit", event, scope, sent);
  return { mails, text: scope === "this" ? "" : changeText(scope, event, sent, series) };
}

function changeText(
  scope: Scope,
  event: Occurrence,
  changes: Changes,
  series: CalendarEvent,
): string {
  if (changes.rrule !== null) {
    return changesPattern(changes, series) ? lostText(scope, event, series) : "";
  }
  return scope === "all"
    ? `Only the first date stays: ${dayText(series.start.slice(0, 10))}.`
    : "Only this date and those before it stay.";
}

export async function ofRemoval(scope: Scope, event: Occurrence): Promise<Consequence> {
  const mails = await mailsOf("delete", event, scope, {});
  return { mails, text: removalText(scope, event) };
}

function removalText(scope: Scope, event: Occurrence): string {
  if (event.access !== "organizer") return "The event stays for everybody else.";
  if (scope === "all") return "It moves to the archive.";
  return scope === "this"
    ? "A deleted date cannot be brought back."
    : "Deleted dates cannot be brought back. The dates before this one stay.";
}

/** Whom the act mails; an act that cannot be forecast is refused by the server itself. */
async function mailsOf(
  act: Act,
  event: Occurrence,
  scope: Scope,
  changes: Changes,
): Promise<string> {
  try {
    const { sentence } = await forecast(act, event.id, changes, datesOf(event, scope));
    return sentence || "Nobody is mailed.";
  } catch {
    return "";
  }
}

/** Another time or another rule begins afresh; another end of the series does not. */
function changesPattern(changes: Changes, series: CalendarEvent): boolean {
  if (changes.start !== undefined) return true;
  return !!changes.rrule && endless(changes.rrule, series) !== endless(series.rrule, series);
}

function endless(rrule: string | null, series: CalendarEvent): string | null {
  const rule = rrule && parseRule(rrule, series);
  return rule ? ruleText({ ...rule, until: null, count: null }, series) : rrule;
}

function lostText(scope: Scope, event: Occurrence, series: CalendarEvent): string {
  const counts = (start: string) => scope === "all" || start >= event.original_start;
  const changed = series.changed.filter(counts).length;
  const deleted = series.excluded.filter(counts).length;
  const parts = [
    changed && `${plural(changed, "date", "dates")} that you changed will follow the series again.`,
    deleted && `${plural(deleted, "date", "dates")} that you deleted will be back.`,
  ];
  return parts.filter(Boolean).join("\n");
}
