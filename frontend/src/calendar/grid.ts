/** The grid: FullCalendar over the events of the API. */

import { Calendar, type CalendarOptions, type FormatterInput } from "fullcalendar";
import dayGridPlugin from "fullcalendar/daygrid";
import interactionPlugin from "fullcalendar/interaction";
import listPlugin from "fullcalendar/list";
import timeGridPlugin from "fullcalendar/timegrid";
import { SNAP_MINUTES } from "./draft";
import { apiEvent, eventNodes, outlookText, spokenText, titleWithPerson } from "./event-content";
import { briefTime, shortTime, timeRange } from "./format";
import { look } from "./grid-look";
import { keyOf, type State } from "./state";
import type { CalendarEvent } from "./types";
import { firstDayOfWeek } from "./zones";

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
}

export interface GridHandlers {
  onOpen: (event: CalendarEvent, element: HTMLElement) => void;
  onSelect: (selection: Selection) => void;
  onMove: CalendarOptions["eventDrop"];
  onResize: CalendarOptions["eventResize"];
  onRange: () => void;
  onDay: (date: string) => void;
}

export function createGrid(
  element: HTMLElement,
  state: State,
  handlers: GridHandlers,
  initialDate?: string,
): Calendar {
  return new Calendar(element, { ...look, ...behaviour(state, handlers), initialDate });
}

function behaviour(state: State, handlers: GridHandlers): CalendarOptions {
  const zone = state.me.time_zone;
  return {
    plugins: [dayGridPlugin, timeGridPlugin, listPlugin, interactionPlugin],
    headerToolbar: false,
    height: "100%",
    expandRows: true,
    locale: navigator.language,
    timeZone: zone,
    firstDay: firstDayOfWeek(),
    nowIndicator: true,
    scrollTime: "07:30:00",
    scrollTimeReset: false,
    snapDuration: { minutes: SNAP_MINUTES },
    slotMinHeight: 24,
    slotEventOverlap: false,
    eventShortHeight: 36,
    eventMinHeight: 22,
    forceEventDuration: true,
    defaultTimedEventDuration: "00:30:00",
    eventTimeFormat: times((start, end) =>
      end ? timeRange(start, end, zone) : shortTime(start, zone),
    ),
    slotHeaderFormat: times((start) => briefTime(start, zone)),
    eventOrder: "start,-duration,order,title",
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
      timeGrid: {
        dayHeaderFormat: { weekday: "short", day: "numeric" },
        dayHeaderContent: ({ weekdayText, dayNumberText }) => `${weekdayText} ${dayNumberText}`,
      },
      dayGrid: { eventTimeFormat: times((start) => briefTime(start, zone)) },
      agenda: { type: "list", duration: { days: 30 } },
    },
    noEventsContent: "Nothing planned in these weeks.",
    eventContent: (info) => ({ domNodes: eventNodes(state, info) }),
    eventDidMount: (info) => {
      const event = apiEvent(info);
      // The drawing of a new event is no event yet.
      if (!event) return info.el.setAttribute("aria-hidden", "true");
      info.el.setAttribute("aria-label", spokenText(state, info));
      // FullCalendar calls a day of the agenda a list, and its events are buttons here.
      const day = info.el.parentElement;
      if (day?.role === "list") day.role = "group";
      info.el.dataset.event = keyOf(event);
      const outlook = outlookText(event);
      info.el.title = [titleWithPerson(state, event), outlook].filter(Boolean).join("\n");
      if (outlook) info.el.setAttribute("aria-description", outlook);
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
      }),
    eventDrop: handlers.onMove,
    eventResize: handlers.onResize,
    datesSet: handlers.onRange,
  };
}

/** Times as everywhere on the page: FullCalendar's own formats drop the space before AM and PM. */
function times(format: (start: Date, end: Date | null) => string): FormatterInput {
  return ({ start, end }) =>
    format(new Date(start.instantMs), end ? new Date(end.instantMs) : null);
}
