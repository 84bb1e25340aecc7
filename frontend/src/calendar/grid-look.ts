/** The class names that FullCalendar puts on its parts; css/grid.css gives them their look. */

import type { CalendarOptions } from "fullcalendar";

type Flags = Record<string, unknown>;

function names(...classes: (string | false | null | undefined | unknown)[]): string {
  return classes.filter((name) => typeof name === "string" && name).join(" ");
}

function day(base: string) {
  return (info: unknown) => {
    const flags = info as Flags;
    return names(
      base,
      flags.isToday && "is-today",
      flags.isOther && "is-other",
      flags.isPast && "is-past",
      (flags.dow === 0 || flags.dow === 6) && "is-weekend",
      flags.inPopover && "in-popover",
      flags.isNarrow && "is-narrow",
    );
  };
}

function event(base: string) {
  return (info: unknown) => {
    const flags = info as Flags;
    return names(
      base,
      flags.isStart && "is-start",
      flags.isEnd && "is-end",
      flags.isPast && "is-past",
      flags.isShort && "is-short",
      flags.isNarrow && "is-narrow",
      flags.isMirror && "is-mirror",
      flags.isDragging && "is-dragging",
      flags.isSelected && "is-selected",
    );
  };
}

function handle(side: "start" | "end", base: string) {
  return (info: unknown) => {
    const flags = info as Flags;
    return (side === "start" ? flags.isStartResizable : flags.isEndResizable) ? base : "";
  };
}

export const look: CalendarOptions = {
  viewClass: "cal-view",
  tableHeaderClass: "cal-table-head",
  dayHeaderRowClass: "cal-line",
  dayRowClass: "cal-line",
  slotHeaderRowClass: "cal-line",
  fillerClass: "cal-filler",
  dayHeaderClass: day("cal-day-head"),
  dayHeaderInnerClass: "cal-day-head-inner",
  dayHeaderDividerClass: "cal-divider",
  dayHeaderAlign: "center",
  dayCellClass: day("cal-cell"),
  dayCellTopClass: "cal-cell-top",
  dayCellTopInnerClass: day("cal-cell-number"),
  dayCellInnerClass: "cal-cell-inner",
  dayCellBottomClass: "cal-cell-bottom",
  dayLaneClass: day("cal-cell cal-lane"),
  dayLaneInnerClass: "cal-lane-inner",
  slotLaneClass: (info) => names("cal-slot", info.isMinor && "is-minor"),
  slotHeaderClass: (info) => names("cal-slot-head", info.isMinor && "is-minor"),
  slotHeaderInnerClass: "cal-slot-head-inner",
  slotHeaderDividerClass: "cal-slot-divider",
  allDayHeaderClass: "cal-slot-head",
  allDayHeaderInnerClass: "cal-slot-head-inner cal-all-day-head",
  allDayDividerClass: "cal-divider",
  nowIndicatorLineClass: "cal-now-line",
  highlightClass: "cal-highlight",
  nonBusinessHoursClass: "cal-off-hours",
  navLinkClass: "cal-nav-link",
  popoverClass: "cal-more-popover",
  popoverCloseClass: "btn btn-quiet btn-icon btn-small cal-more-close",
  moreLinkClass: "cal-more",
  moreLinkInnerClass: "cal-more-inner",
  blockEventClass: event("ev"),
  rowEventClass: "ev-row",
  rowEventBeforeClass: handle("start", "ev-handle ev-handle-left"),
  rowEventAfterClass: handle("end", "ev-handle ev-handle-right"),
  columnEventClass: "ev-column",
  columnEventBeforeClass: handle("start", "ev-handle ev-handle-top"),
  columnEventAfterClass: handle("end", "ev-handle ev-handle-bottom"),
  blockEventInnerClass: "ev-inner",
  listItemEventClass: event("ev-item"),
  listItemEventBeforeClass: "ev-dot",
  listItemEventInnerClass: "ev-inner",
  listDaysClass: "cal-list",
  listDayClass: day("cal-list-day"),
  listDayHeaderClass: "cal-list-head",
  listDayHeaderInnerClass: "cal-list-head-inner",
  listDayBodyClass: "cal-list-body",
  noEventsClass: "empty",
};
