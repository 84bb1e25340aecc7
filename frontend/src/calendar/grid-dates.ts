/** The grid's dates as `YYYY-MM-DD` in the reader's zone. */

import type { Calendar } from "fullcalendar";

/** The day the grid is at. */
export function currentDay(calendar: Calendar): string {
  return dayOf(calendar, calendar.getDate());
}

export function dayOf(calendar: Calendar, date: Date): string {
  return calendar.formatIso(date).slice(0, 10);
}
