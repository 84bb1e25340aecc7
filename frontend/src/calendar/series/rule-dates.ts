/** Dates of a rule: which one comes first, and what becomes of the rule when a date moves. */

import type { Temporal } from "temporal-polyfill";
import { inWeekOrder, type Rule, WEEK, type Weekday, weekdayOf } from "./rule";

/** Which of its weekday a date is in its month: 1 to 4, and -1 when it is the last. */
export function positionsOf(date: Temporal.PlainDate): number[] {
  const place = Math.ceil(date.day / 7);
  const isLast = date.day + 7 > date.daysInMonth;
  return [...(place < 5 ? [place] : []), ...(isLast ? [-1] : [])];
}

/** The rule of an event that moves from one day to another, as Leansoft moves a whole series. */
export function follow(rule: Rule, from: Temporal.PlainDate, to: Temporal.PlainDate): Rule {
  const by = from.until(to).days;
  if (by === 0) return rule;
  if (rule.unit === "WEEKLY") {
    // The week moves too, so that its days stay together where weeks are left out.
    const move = later(by);
    return { ...rule, days: inWeekOrder(rule.days.map(move)), weekStart: move(rule.weekStart) };
  }
  const month = rule.month && to.month;
  if (rule.position === null) return { ...rule, month, day: rule.day && to.day };
  const positions = positionsOf(to);
  const position = rule.position === -1 ? -1 : (positions[0] ?? -1);
  return { ...rule, month, position, days: [weekdayOf(to)] };
}

function later(days: number): (day: Weekday) => Weekday {
  return (day) => WEEK[(((WEEK.indexOf(day) + days) % 7) + 7) % 7] as Weekday;
}

const SEARCHED_DAYS = 5 * 366;

/** Where the series begins: at the start, or at the first date after it that fits the rule. */
export function firstDate(rule: Rule, start: Temporal.PlainDate): Temporal.PlainDate {
  for (let days = 0; days < SEARCHED_DAYS; days += 1) {
    const date = start.add({ days });
    if (fits(rule, date)) return date;
  }
  return start;
}

/** How many dates the rule has before that one. */
export function datesBefore(
  rule: Rule,
  start: Temporal.PlainDate,
  end: Temporal.PlainDate,
): number {
  let count = 0;
  for (let days = start.until(end).days - 1; days >= 0; days -= 1) {
    if (isOn(rule, start, start.add({ days }))) count += 1;
  }
  return count;
}

function isOn(rule: Rule, start: Temporal.PlainDate, date: Temporal.PlainDate): boolean {
  return steps(rule, start, date) % rule.interval === 0 && fits(rule, date);
}

/** How many units lie between the start and the date. */
function steps(rule: Rule, start: Temporal.PlainDate, date: Temporal.PlainDate): number {
  switch (rule.unit) {
    case "DAILY":
      return start.until(date).days;
    case "WEEKLY":
      return weekOf(start, rule.weekStart).until(weekOf(date, rule.weekStart)).days / 7;
    case "MONTHLY":
      return (date.year - start.year) * 12 + date.month - start.month;
    case "YEARLY":
      return date.year - start.year;
  }
}

function weekOf(date: Temporal.PlainDate, weekStart: Weekday): Temporal.PlainDate {
  const days = (date.dayOfWeek - 1 - WEEK.indexOf(weekStart) + 7) % 7;
  return date.subtract({ days });
}

function fits(rule: Rule, date: Temporal.PlainDate): boolean {
  if (rule.month && rule.month !== date.month) return false;
  if (rule.day) return date.day === Math.min(rule.day, date.daysInMonth);
  if (rule.days.length && !rule.days.includes(weekdayOf(date))) return false;
  return rule.position === null || positionsOf(date).includes(rule.position);
}
