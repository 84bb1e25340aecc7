/** Times and names as a person reads them, in the language of the browser. */

import type { Answer, CalendarEvent, Response } from "./types";
import { addDays, sameClock, toInstant, wallAt, zoneName } from "./zones";

type When = Pick<CalendarEvent, "start" | "end" | "all_day" | "time_zone">;

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(undefined, options);
}

/** A date without time: read as UTC so that no zone can shift it. */
function dateOf(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}

const LONG: Intl.DateTimeFormatOptions = {
  weekday: "short",
  day: "numeric",
  month: "long",
  year: "numeric",
};

/** "Tue, 1 December 2026, 09:00 – 10:00", or the days of an all-day event with its last day. */
export function whenText(event: When, zone: string): string {
  if (event.all_day) {
    const format = formatter({ ...LONG, timeZone: "UTC" });
    return format.formatRange(dateOf(event.start), dateOf(addDays(event.end, -1)));
  }
  const [start, end] = edges(event);
  const format = formatter({ ...LONG, hour: "numeric", minute: "2-digit", timeZone: zone });
  return format.formatRange(start, end);
}

/** The same times in the event's own zone, when its clocks differ from the reader's. */
export function otherZoneText(event: When, zone: string): string | null {
  if (event.all_day) return null;
  const instant = toInstant(event.start, event.time_zone);
  if (sameClock(event.time_zone, zone, instant)) return null;
  const [start, end] = edges(event);
  const options: Intl.DateTimeFormatOptions = {
    weekday: "short",
    hour: "numeric",
    minute: "2-digit",
    timeZone: event.time_zone,
  };
  return `${formatter(options).formatRange(start, end)} in ${zoneName(event.time_zone)}`;
}

/** When a moved date of a series would have been, as the event's own clock shows it; null if not moved. */
export function movedText(event: CalendarEvent): string | null {
  const { original_start: from, start } = event;
  if (!from || from === start) return null;
  const time: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
  const format = formatter({ ...LONG, ...(from.includes("T") ? time : {}), timeZone: "UTC" });
  return format.format(new Date(from.includes("T") ? `${from}Z` : from));
}

function edges(event: When): [Date, Date] {
  return [
    new Date(toInstant(event.start, event.time_zone).epochMilliseconds),
    new Date(toInstant(event.end, event.time_zone).epochMilliseconds),
  ];
}

/** "9:00 AM – 10:00 AM", for the grid. */
export function timeRange(start: Date, end: Date, zone: string): string {
  return formatter({ hour: "numeric", minute: "2-digit", timeZone: zone }).formatRange(start, end);
}

export function shortTime(instant: Date, zone: string): string {
  return formatter({ hour: "numeric", minute: "2-digit", timeZone: zone }).format(instant);
}

/** Where room is short: "9 AM", "9:30 AM", or "09:00" where the day has 24 hours. */
export function briefTime(instant: Date, zone: string): string {
  const { hour12 } = formatter({ hour: "numeric" }).resolvedOptions();
  const isFull = wallAt(instant.toISOString(), zone).endsWith(":00");
  if (!hour12 || !isFull) return shortTime(instant, zone);
  return formatter({ hour: "numeric", timeZone: zone }).format(instant);
}

export function dayText(date: string): string {
  return formatter({ ...LONG, timeZone: "UTC" }).format(dateOf(date));
}

export function monthText(date: string): string {
  return formatter({ month: "long", year: "numeric", timeZone: "UTC" }).format(dateOf(date));
}

export function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

export function reminderText(minutes: number | null): string {
  if (minutes === null) return "No reminder";
  if (minutes === 0) return "At the start";
  if (minutes % 1440 === 0) return `${plural(minutes / 1440, "day", "days")} before`;
  if (minutes % 60 === 0) return `${plural(minutes / 60, "hour", "hours")} before`;
  return `${plural(minutes, "minute", "minutes")} before`;
}

export const SHOW_AS: Record<string, string> = {
  busy: "Busy",
  free: "Free",
  tentative: "Tentative",
  oof: "Out of office",
  working_elsewhere: "Working elsewhere",
};

export const SENSITIVITY: Record<string, string> = {
  normal: "Normal",
  personal: "Personal",
  private: "Private",
  confidential: "Confidential",
};

export const IMPORTANCE: Record<string, string> = { low: "Low", normal: "Normal", high: "High" };

export const ANSWERS: Record<Answer, string> = {
  accepted: "Accept",
  tentatively_accepted: "Tentative",
  declined: "Decline",
};

export function responseText(response: Response | null | undefined): string {
  const words: Partial<Record<Response, string>> = {
    accepted: "Accepted",
    tentatively_accepted: "Tentative",
    declined: "Declined",
    organizer: "Organizer",
  };
  return (response && words[response]) || "No answer yet";
}

export function titleOf(event: CalendarEvent): string {
  if (event.access === "busy" && !event.subject) return "Busy";
  return event.subject || "(No subject)";
}
