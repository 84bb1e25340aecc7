/** The repeat rules that the form can show, and their RFC 5545 text.
 *
 * A rule that says more than a `Rule` can hold is left as the text that it is. As in Outlook, the
 * 29th to the 31st mean the last day of a shorter month.
 */

import { Temporal } from "temporal-polyfill";
import type { EventFields } from "../types";
import { toInstant, wallAt } from "../zones";

export const WEEK = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof WEEK)[number];
export type Unit = "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";
export type When = Pick<EventFields, "start" | "end" | "all_day" | "time_zone">;

export interface Rule {
  unit: Unit;
  interval: number;
  /** The days of a weekly rule, or the one day of a rule by position. */
  days: Weekday[];
  /** Which of these days in the month: 1 to 4, or -1 for the last. */
  position: number | null;
  /** The day of the month. */
  day: number | null;
  /** The month of a yearly rule. */
  month: number | null;
  weekStart: Weekday;
  /** The last possible date. */
  until: string | null;
  count: number | null;
}

export const EVERY_DAY: Rule = {
  unit: "DAILY",
  interval: 1,
  days: [],
  position: null,
  day: null,
  month: null,
  weekStart: "MO",
  until: null,
  count: null,
};

export function dateOf(wall: string): Temporal.PlainDate {
  return Temporal.PlainDate.from(wall.slice(0, 10));
}

export function weekdayOf(date: Temporal.PlainDate): Weekday {
  return WEEK[date.dayOfWeek - 1] as Weekday;
}

/** The rule that the text says for an event that starts then; null when a `Rule` cannot hold it. */
export function parseRule(text: string, when: When): Rule | null {
  const given = text.split(";").map((part) => part.split("=", 2) as [string, string]);
  const parts = new Map(given);
  writeOut(parts, dateOf(when.start));
  const take = (name: string) => {
    const value = parts.get(name);
    parts.delete(name);
    return value;
  };
  const unit = take("FREQ") as Unit;
  const frame = {
    unit,
    interval: Number(take("INTERVAL") ?? 1),
    weekStart: (take("WKST") ?? "MO") as Weekday,
    count: numberOrNull(take("COUNT")),
    until: lastDate(take("UNTIL"), when),
  };
  const pattern = readPattern(unit, take);
  // What is left over says more than was read.
  return pattern && parts.size === 0 ? { ...EVERY_DAY, ...frame, ...pattern } : null;
}

/** What a rule leaves out it takes from the start. */
function writeOut(parts: Map<string, string>, start: Temporal.PlainDate): void {
  const unit = parts.get("FREQ");
  if (unit === "DAILY" || parts.has("BYDAY") || parts.has("BYMONTHDAY")) return;
  if (unit === "WEEKLY") {
    parts.set("BYDAY", weekdayOf(start));
    return;
  }
  parts.set("BYMONTHDAY", String(start.day));
  if (unit === "YEARLY" && !parts.has("BYMONTH")) parts.set("BYMONTH", String(start.month));
}

type Take = (name: string) => string | undefined;
type Pattern = Partial<Pick<Rule, "days" | "position" | "day" | "month">>;

function readPattern(unit: Unit, take: Take): Pattern | null {
  switch (unit) {
    case "DAILY":
      return {};
    case "WEEKLY":
      return readWeek(take);
    case "MONTHLY":
      return readMonth(take);
    case "YEARLY":
      return readYear(take);
    default:
      return null;
  }
}

function readWeek(take: Take): Pattern | null {
  const days = (take("BYDAY") ?? "").split(",") as Weekday[];
  return days.every((day) => WEEK.includes(day)) ? { days: inWeekOrder(days) } : null;
}

function readMonth(take: Take): Pattern | null {
  const [monthDay, byDay, set] = [take("BYMONTHDAY"), take("BYDAY"), take("BYSETPOS")];
  if (!byDay) {
    const day = Number(monthDay);
    return day >= 1 && day <= 31 && !set ? { day } : null;
  }
  const found = /^([+-]?\d)?([A-Z]{2})$/.exec(byDay);
  const position = Number(found?.[1] ?? set);
  const isKnown = [1, 2, 3, 4, -1].includes(position) && !(found?.[1] && set) && !monthDay;
  return found && isKnown ? { position, days: [found[2] as Weekday] } : null;
}

/** Without its month, a day or position counts through the whole year. */
function readYear(take: Take): Pattern | null {
  const month = Number(take("BYMONTH"));
  const pattern = readMonth(take);
  return pattern && month >= 1 && month <= 12 ? { ...pattern, month } : null;
}

function numberOrNull(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}

/** An instant counts for the day of the last start that it lets through. */
function lastDate(until: string | undefined, when: When): string | null {
  if (!until) return null;
  const [year, month, day] = [until.slice(0, 4), until.slice(4, 6), until.slice(6, 8)];
  const date = `${year}-${month}-${day}`;
  if (!until.endsWith("Z") || when.all_day) return date;
  const time = `${until.slice(9, 11)}:${until.slice(11, 13)}:${until.slice(13, 15)}`;
  const wall = wallAt(`${date}T${time}Z`, when.time_zone);
  const isBefore = wall.slice(11) < when.start.slice(11, 16);
  return dateOf(wall)
    .subtract({ days: isBefore ? 1 : 0 })
    .toString();
}

export function ruleText(rule: Rule, when: When): string {
  const parts: [string, unknown][] = [
    ["FREQ", rule.unit],
    ["INTERVAL", rule.interval > 1 && rule.interval],
    ["BYMONTH", rule.month],
    ["BYMONTHDAY", rule.day],
    ["BYDAY", rule.days.map((day) => `${rule.position ?? ""}${day}`).join(",")],
    // The week's first day decides only which weeks are left out.
    ["WKST", rule.unit === "WEEKLY" && rule.interval > 1 && rule.weekStart],
    ["COUNT", rule.count],
    ["UNTIL", rule.until && untilText(rule.until, when)],
  ];
  const said = parts.filter(([, value]) => value);
  return said.map(([name, value]) => `${name}=${value}`).join(";");
}

/** A date for all-day events; else the end of that day in the event's zone, as an instant. */
function untilText(date: string, when: When): string {
  const digits = (text: string) => text.replaceAll(/[-:]/g, "");
  if (when.all_day) return digits(date);
  return digits(toInstant(`${date}T23:59:59`, when.time_zone).toString());
}

export function inWeekOrder(days: Weekday[]): Weekday[] {
  return WEEK.filter((day) => days.includes(day));
}
