/** The grid: FullCalendar over the events of the API. */

import { Calendar, type CalendarOptions, type EventInput } from "fullcalendar";
import dayGridPlugin from "fullcalendar/daygrid";
import interactionPlugin from "fullcalendar/interaction";
import listPlugin from "fullcalendar/list";
import timeGridPlugin from "fullcalendar/timegrid";
import { toast } from "../kit/toast";
import { listEvents, reasonOf } from "./api";
import { apiEvent, eventClasses, eventNodes, spokenText } from "./event-content";
import { titleOf } from "./format";
import { look } from "./grid-look";
import { hueOfEvent, isOwn } from "./hues";
import { keyOf, type State } from "./state";
import type { CalendarEvent } from "./types";
import { firstDayOfWeek, toInstant } from "./zones";

export type ViewName = "month" | "week" | "day" | "list";

export const VIEW_TYPES: Record<ViewName, string> = {
  month: "dayGridMonth",
  week: "timeGridWeek",
  day: "timeGridDay",
  list: "agenda",
};

export interface Selection {
  start: string;
  end: string;
  allDay: boolean;
  at: { x: number; y: number } | null;
}

export interface GridHandlers {
  onOpen: (event: CalendarEvent, element: HTMLElement) => void;
  onSelect: (selection: Selection) => void;
  onMove: CalendarOptions["eventDrop"];
  onResize: CalendarOptions["eventResize"];
  onRange: () => void;
  onLoading: (loading: boolean) => void;
  onDay: (date: string) => void;
}

/** Whether the reader may move this event: its content is theirs and nothing locks it. */
export function isMovable(event: CalendarEvent): boolean {
  return event.access === "organizer" && !event.locked;
}

export function toInput(state: State, event: CalendarEvent): EventInput {
  const timed = (wall: string) => toInstant(wall, event.time_zone).toString();
  return {
    id: keyOf(event),
    title: titleOf(event),
    start: event.all_day ? event.start : timed(event.start),
    end: event.all_day ? event.end : timed(event.end),
    allDay: event.all_day,
    editable: isMovable(event),
    className: eventClasses(state, event),
    extendedProps: { source: event, order: isOwn(event) ? 0 : 1 + hueOfEvent(state, event) },
  };
}

function isVisible(state: State, event: CalendarEvent): boolean {
  if (isOwn(event) && !state.shownPeople.has(state.me.id)) {
    return event.user_ids.some((id) => id !== state.me.id && state.shownPeople.has(id));
  }
  return !event.categories.some((name) => state.hiddenCategories.has(name));
}

export function createGrid(element: HTMLElement, state: State, handlers: GridHandlers): Calendar {
  const calendar: Calendar = new Calendar(element, {
    ...look,
    ...behaviour(state, handlers),
    events: (range, done, failed) => {
      load(state, range.start, range.end).then(done, (error) => {
        toast(reasonOf(error), {
          error: true,
          action: { label: "Try again", run: () => calendar.refetchEvents() },
        });
        failed(error);
      });
    },
  });
  return calendar;
}

function behaviour(state: State, handlers: GridHandlers): CalendarOptions {
  return {
    plugins: [dayGridPlugin, timeGridPlugin, listPlugin, interactionPlugin],
    headerToolbar: false,
    height: "100%",
    expandRows: true,
    locale: navigator.language,
    timeZone: state.me.time_zone,
    firstDay: firstDayOfWeek(),
    lazyFetching: false,
    nowIndicator: true,
    scrollTime: "07:30:00",
    scrollTimeReset: false,
    snapDuration: "00:15:00",
    slotMinHeight: 24,
    slotEventOverlap: false,
    eventShortHeight: 36,
    eventMinHeight: 22,
    forceEventDuration: true,
    defaultTimedEventDuration: "00:30:00",
    eventTimeFormat: { hour: "numeric", minute: "2-digit", meridiem: "short" },
    slotHeaderFormat: hourFormat(),
    eventOrder: "order,start,-duration,title",
    eventInteractive: true,
    eventResizableFromStart: true,
    selectable: true,
    selectMirror: true,
    unselectAuto: false,
    longPressDelay: 400,
    dayMaxEvents: true,
    navLinks: true,
    navLinkDayClick: (date) => handlers.onDay(date.toISOString().slice(0, 10)),
    allDayText: "All day",
    moreLinkText: (count) => `${count} more`,
    views: {
      timeGrid: { dayHeaderFormat: { weekday: "short", day: "numeric" } },
      agenda: { type: "list", duration: { days: 30 } },
    },
    noEventsContent: "Nothing planned in these weeks.",
    eventContent: (info) => ({ domNodes: eventNodes(state, info) }),
    eventDidMount: (info) => {
      const event = apiEvent(info);
      info.el.setAttribute("aria-label", spokenText(state, info));
      if (event) info.el.dataset.event = keyOf(event);
    },
    eventClick: (info) => {
      info.jsEvent.preventDefault();
      const event = apiEvent(info);
      if (event) handlers.onOpen(event, info.el);
    },
    select: (info) =>
      handlers.onSelect({
        start: info.startStr,
        end: info.endStr,
        allDay: info.allDay,
        at: info.jsEvent ? { x: info.jsEvent.clientX, y: info.jsEvent.clientY } : null,
      }),
    eventDrop: handlers.onMove,
    eventResize: handlers.onResize,
    datesSet: handlers.onRange,
    loading: handlers.onLoading,
  };
}

/** "9 AM", or "09:00" where the day has 24 hours. */
function hourFormat(): Intl.DateTimeFormatOptions {
  const { hour12 } = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions();
  return hour12 ? { hour: "numeric" } : { hour: "2-digit", minute: "2-digit" };
}

async function load(state: State, start: Date, end: Date): Promise<EventInput[]> {
  const users = [...state.shownPeople];
  const range = { start: start.toISOString(), end: end.toISOString(), users };
  const events = (users.length ? await listEvents(range) : []).filter((event) => !event.archived);
  state.events.clear();
  for (const event of events) state.events.set(keyOf(event), event);
  state.changed("events");
  return events.filter((event) => isVisible(state, event)).map((event) => toInput(state, event));
}

/** Shows an event's new state at once, without asking the server again. */
export function putEvent(calendar: Calendar, state: State, event: CalendarEvent): void {
  const key = keyOf(event);
  state.events.set(key, event);
  calendar.getEventById(key)?.remove();
  if (isVisible(state, event)) {
    calendar.addEvent(toInput(state, event), calendar.getEventSources()[0]);
  }
  state.changed("events");
}

export function takeEvent(calendar: Calendar, state: State, event: CalendarEvent): void {
  const key = keyOf(event);
  state.events.delete(key);
  calendar.getEventById(key)?.remove();
  state.changed("events");
}
