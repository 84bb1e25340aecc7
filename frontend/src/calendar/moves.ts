/** Moving and resizing by drag: shown at once, asked about when people would be mailed, and taken
 * back with the reason when the server refuses. */

import type { EventApi } from "fullcalendar";
import { toast } from "../kit/toast";
import { forecast, Problem, reasonOf } from "./api";
import { askNear } from "./ask-near";
import { apiEvent } from "./event-content";
import type { Feed } from "./feed";
import { boxAt } from "./place-near";
import { keyOf } from "./state";
import { changeEvent } from "./still-meant";
import type { CalendarEvent, EventFields } from "./types";
import { addDays, wallAt } from "./zones";

const CONFLICT =
  "This event was changed in the meantime. Here is how it is now; make your change again.";

interface Change {
  event: EventApi;
  oldEvent: EventApi;
  revert: () => void;
  jsEvent: MouseEvent;
}

/** The new start and end as the API wants them: in the event's own zone. */
export function newTimes(moved: EventApi, event: CalendarEvent): Partial<EventFields> {
  const { all_day, time_zone } = { all_day: moved.allDay, time_zone: event.time_zone };
  if (all_day) {
    const start = moved.startStr.slice(0, 10);
    return { start, end: moved.endStr.slice(0, 10) || addDays(start, 1), all_day, time_zone };
  }
  const start = wallAt((moved.start as Date).toISOString(), time_zone);
  const end = wallAt((moved.end as Date).toISOString(), time_zone);
  return { start, end, all_day, time_zone };
}

export function moveEvent(feed: Feed, change: Change): Promise<void> {
  return feed.hold(() => move(feed, change));
}

async function move(feed: Feed, change: Change): Promise<void> {
  const event = apiEvent(change);
  if (!event) return change.revert();
  const changes = newTimes(change.event, event);
  try {
    if (!(await agrees(event, changes, change))) return change.revert();
    feed.put(await changeEvent(event, changes));
  } catch (error) {
    change.revert();
    explain(feed, error);
  }
}

async function agrees(
  event: CalendarEvent,
  changes: Partial<EventFields>,
  change: Change,
): Promise<boolean> {
  const { mails, sentence } = await forecast("edit", event.id, changes);
  if (mails.length === 0) return true;
  const { clientX: x, clientY: y } = change.jsEvent;
  const moved = document.querySelector(`[data-event="${keyOf(event)}"]`);
  return askNear(moved?.getBoundingClientRect() ?? boxAt({ x, y }), {
    title: "Move this event?",
    text: sentence,
    confirm: "Move and mail",
  });
}

export function explain(feed: Feed, error: unknown): void {
  const conflict = error instanceof Problem && error.isConflict;
  toast(conflict ? CONFLICT : `Not saved. ${reasonOf(error)}`, { error: true });
  if (conflict) void feed.refresh();
}
