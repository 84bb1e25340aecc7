/** Moving and resizing by drag: shown at once, asked about when people would be mailed, and taken
 * back with the reason when the server refuses. */

import type { Calendar, EventApi } from "fullcalendar";
import { toast } from "../kit/toast";
import { changeEvent, forecast, Problem, reasonOf } from "./api";
import { askNear } from "./ask-near";
import { apiEvent } from "./event-content";
import { putEvent } from "./grid";
import type { State } from "./state";
import type { CalendarEvent, EventFields } from "./types";
import { addDays, wallAt } from "./zones";

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

export async function moveEvent(calendar: Calendar, state: State, change: Change): Promise<void> {
  const event = apiEvent(change);
  if (!event) return change.revert();
  const changes = newTimes(change.event, event);
  try {
    if (!(await agrees(event, changes, change))) return change.revert();
    putEvent(calendar, state, await changeEvent(event, changes));
  } catch (error) {
    change.revert();
    explain(calendar, error);
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
  return askNear({ x, y }, { title: "Move this event?", text: sentence, confirm: "Move and mail" });
}

export function explain(calendar: Calendar, error: unknown): void {
  if (error instanceof Problem && error.isConflict) {
    toast(
      "This event was changed in the meantime. Here is how it is now; make your change again.",
      {
        error: true,
      },
    );
    calendar.refetchEvents();
    return;
  }
  toast(reasonOf(error), { error: true });
}
