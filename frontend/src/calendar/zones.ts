/** Wall times, zones and instants. Wall times travel as `YYYY-MM-DDTHH:MM`, dates as `YYYY-MM-DD`. */

import { Temporal } from "temporal-polyfill";

/** The instant of a wall time. A zone that the browser does not know counts as UTC; see `isKnownZone`. */
export function toInstant(wall: string, zone: string): Temporal.Instant {
  return Temporal.PlainDateTime.from(wall)
    .toZonedDateTime(isKnownZone(zone) ? zone : "UTC")
    .toInstant();
}

/** The wall time, to the minute, that clocks in `zone` show at an instant. */
export function wallAt(instant: Temporal.Instant | string, zone: string): string {
  const moment = typeof instant === "string" ? Temporal.Instant.from(instant) : instant;
  return moment.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: "minute" });
}

export function isKnownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export function nowIn(zone: string): Temporal.PlainDateTime {
  return Temporal.Now.plainDateTimeISO(zone);
}

export function today(zone: string): string {
  return Temporal.Now.plainDateISO(zone).toString();
}

export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

export function addMonths(date: string, months: number): string {
  return Temporal.PlainDate.from(date).add({ months }).toString();
}

export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: "days" }).days;
}

export function addMinutes(wall: string, minutes: number): string {
  return Temporal.PlainDateTime.from(wall).add({ minutes }).toString({ smallestUnit: "minute" });
}

export function minutesBetween(from: string, to: string): number {
  return Temporal.PlainDateTime.from(from).until(to).total("minutes");
}

/** Whether both zones show the same time at that instant. */
export function sameClock(zone: string, other: string, instant: Temporal.Instant): boolean {
  return zone === other || wallAt(instant, zone) === wallAt(instant, other);
}

export function deviceZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function allZones(): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes("UTC") ? known : ["UTC", ...known];
}

/** "Europe/Zurich" reads better as "Zurich (Europe)". */
export function zoneName(zone: string): string {
  const parts = zone.replaceAll("_", " ").split("/");
  const city = parts.pop() ?? zone;
  return parts.length ? `${city} (${parts.join(", ")})` : city;
}

/** The first day of the reader's week, 0 for Sunday. */
export function firstDayOfWeek(): number {
  const locale = new Intl.Locale(navigator.language) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  const info = locale.getWeekInfo?.() ?? locale.weekInfo;
  return info ? info.firstDay % 7 : 1;
}
