/** The repetitions that are one choice away, in words that follow the start of the event. */

import type { Temporal } from "temporal-polyfill";
import { firstDayOfWeek } from "../zones";
import { EVERY_DAY, type Rule, type Unit, WEEK, type Weekday, weekdayOf } from "./rule";
import { positionsOf } from "./rule-dates";

export interface Preset {
  name: string;
  label: string;
  rule: Rule;
}

// The words around them are English.
const LOCALE = navigator.language.startsWith("en") ? navigator.language : "en";
const ORDINALS: Record<number, string> = {
  1: "first",
  2: "second",
  3: "third",
  4: "fourth",
  [-1]: "last",
};

/** `day`: the day of the month that is meant, where the month of the start is too short for it. */
export function presets(start: Temporal.PlainDate, day = start.day): Preset[] {
  const weekday = weekdayOf(start);
  const month = start.month;
  return [
    preset("daily", "Every day", "DAILY", {}),
    preset("workdays", "Every weekday (Mon – Fri)", "WEEKLY", { days: WEEK.slice(0, 5) }),
    preset("weekly", `Weekly on ${dayName(weekday)}`, "WEEKLY", { days: [weekday] }),
    ...monthly(start, day).map(([name, text, pattern]) =>
      preset(`monthly-${name}`, `Monthly ${text}`, "MONTHLY", pattern),
    ),
    preset("yearly", `Yearly on ${dayOfYear(month, day)}`, "YEARLY", { month, day }),
  ];
}

type Choice = [name: string, text: string, pattern: Partial<Rule>];

/** What a month can count by: the day's number, or which of its weekdays it is. */
export function monthly(date: Temporal.PlainDate, day = date.day): Choice[] {
  const days = [weekdayOf(date)];
  return [
    ["day", dayText(day), { day, position: null, days: [] }],
    ...positionsOf(date).map((position): Choice => {
      const text = positionText(position, weekdayOf(date));
      return [`position-${position}`, text, { day: null, position, days }];
    }),
  ];
}

export function dayText(day: number): string {
  return `on day ${day}`;
}

export function positionText(position: number, weekday: Weekday): string {
  return `on the ${ORDINALS[position]} ${dayName(weekday)}`;
}

export function isPreset(rule: Rule, { rule: preset }: Preset): boolean {
  const pattern = ({ unit, interval, days, position, day, month }: Rule) =>
    JSON.stringify([unit, interval, days, position, day, month]);
  return pattern(rule) === pattern(preset);
}

function preset(name: string, label: string, unit: Unit, pattern: Partial<Rule>): Preset {
  return { name, label, rule: { ...EVERY_DAY, unit, weekStart: weekStart(), ...pattern } };
}

function weekStart(): Weekday {
  return weekFrom(firstDayOfWeek())[0] as Weekday;
}

/** The days of the week in the reader's order; 0 is Sunday. */
export function weekFrom(first: number): Weekday[] {
  return WEEK.map((_, place) => WEEK[(first + 6 + place) % 7] as Weekday);
}

export function dayName(weekday: Weekday, width: "long" | "narrow" = "long"): string {
  // 1 January 2024 was a Monday.
  const date = new Date(Date.UTC(2024, 0, 1 + WEEK.indexOf(weekday)));
  return new Intl.DateTimeFormat(LOCALE, { weekday: width, timeZone: "UTC" }).format(date);
}

function dayOfYear(month: number, day: number): string {
  return inLeapYear(month, day, { day: "numeric", month: "long" });
}

export function monthName(month: number): string {
  return inLeapYear(month, 1, { month: "long" });
}

/** A year that has every day. */
function inLeapYear(month: number, day: number, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(Date.UTC(2024, month - 1, day));
  return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: "UTC" }).format(date);
}

/** Where a month lacks the day, as in Outlook. */
export function shortMonthNote(rule: Rule): string {
  if (rule.day === null || rule.day < 29) return "";
  if (rule.unit === "YEARLY" && !(rule.month === 2 && rule.day === 29)) return "";
  const when = rule.unit === "YEARLY" ? "In other years" : "In shorter months";
  return `${when} it is on the last day of the month.`;
}
