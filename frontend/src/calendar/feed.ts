/** Keeps the grid's events in step with the server.
 *
 * A fetch changes only what differs, so that nothing flickers and the focus stays where it is. What a
 * person does is put in at once; an answer that was on its way meanwhile is stale and asked for anew.
 * While a drag waits for its answer the feed is held: nothing moves under the person's hand.
 */

import type { Calendar, EventInput } from "fullcalendar";
import { listEvents } from "./api";
import { eventClasses } from "./event-content";
import { toastFailure } from "./failure";
import { titleOf } from "./format";
import { dayOf } from "./grid-dates";
import { hueOfEvent, isOwn } from "./hues";
import { keyOf, type State } from "./state";
import type { CalendarEvent } from "./types";
import { toInstant } from "./zones";

/** Whether the reader may move this event: its content is theirs and nothing locks it. */
function isMovable(event: CalendarEvent): boolean {
  return event.access === "organizer" && !event.locked;
}

function toInput(state: State, event: CalendarEvent): EventInput {
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
  return !event.categories.some((name) => state.hiddenCategories.has(name));
}

export class Feed {
  private turn = 0;
  private holds = 0;

  constructor(
    private readonly calendar: Calendar,
    private readonly state: State,
    private readonly onLoading: (loading: boolean) => void,
  ) {}

  async refresh(): Promise<void> {
    this.turn += 1;
    const { turn } = this;
    this.onLoading(true);
    try {
      const events = await this.fetch();
      if (turn === this.turn && this.holds === 0) this.take(events);
    } catch (error) {
      toastFailure(error, { again: () => void this.refresh() });
    } finally {
      if (turn === this.turn) this.onLoading(false);
    }
  }

  /** Whether the range on screen shows this day. */
  covers(day: string): boolean {
    const { activeStart, activeEnd } = this.calendar.view;
    return day >= dayOf(this.calendar, activeStart) && day < dayOf(this.calendar, activeEnd);
  }

  goTo(day: string): void {
    this.calendar.gotoDate(day);
  }

  get shown(): Iterable<CalendarEvent> {
    return this.state.events.values();
  }

  /** The new state of events, shown without asking the server again. */
  put(...events: CalendarEvent[]): void {
    for (const event of events) this.draw(event);
    this.outdate();
  }

  remove(...events: CalendarEvent[]): void {
    for (const event of events) this.erase(keyOf(event));
    this.outdate();
  }

  /** Draws everything anew, after the colours or the filter changed. */
  redraw(): void {
    for (const event of [...this.state.events.values()]) this.draw(event);
  }

  /** Nothing changes in the grid while `work` is under way. */
  async hold(work: () => Promise<void>): Promise<void> {
    this.holds += 1;
    try {
      await work();
    } finally {
      this.holds -= 1;
      void this.refresh();
    }
  }

  private async fetch(): Promise<CalendarEvent[]> {
    const users = [...this.state.shownPeople];
    if (users.length === 0) return [];
    const { activeStart, activeEnd } = this.calendar.view;
    const range = { start: activeStart.toISOString(), end: activeEnd.toISOString(), users };
    return (await listEvents(range)).filter((event) => !event.archived);
  }

  private take(events: CalendarEvent[]): void {
    const { state } = this;
    const gone = new Set(state.events.keys());
    for (const event of events) {
      const key = keyOf(event);
      gone.delete(key);
      if (JSON.stringify(state.events.get(key)) !== JSON.stringify(event)) this.draw(event);
    }
    for (const key of gone) this.erase(key);
    state.changed("events");
  }

  private draw(event: CalendarEvent): void {
    const key = keyOf(event);
    this.state.events.set(key, event);
    this.calendar.getEventById(key)?.remove();
    if (isVisible(this.state, event)) this.calendar.addEvent(toInput(this.state, event));
  }

  private erase(key: string): void {
    this.state.events.delete(key);
    this.calendar.getEventById(key)?.remove();
  }

  /** An answer on its way does not know of what was just done. */
  private outdate(): void {
    this.state.changed("events");
    if (this.holds === 0) void this.refresh();
  }
}
