/** Acts on an event that may have changed since the person looked.
 *
 * A sync or a colleague may have raised the version meanwhile. When nothing that the act is about was
 * touched by that, the act still means what the person meant: it is sent again for the newer version.
 * Otherwise the conflict is theirs to see.
 */

import { type Dates, getEvent, Problem, patchEvent } from "./api";
import { fieldsOf } from "./draft";
import type { CalendarEvent, EventFields } from "./types";

type Name = keyof EventFields;

export function changeEvent(
  event: CalendarEvent,
  changes: Partial<EventFields>,
  dates: Dates | null = null,
): Promise<CalendarEvent> {
  const send = (current: CalendarEvent) => patchEvent(current, changes, dates);
  return whenStillMeant(event, Object.keys(changes) as Name[], send);
}

/** For acts on the event as a whole, such as deleting it. */
export function onWhole<T>(
  event: CalendarEvent,
  send: (current: CalendarEvent) => Promise<T>,
): Promise<T> {
  return whenStillMeant(event, Object.keys(fieldsOf(event)) as Name[], send);
}

async function whenStillMeant<T>(
  event: CalendarEvent,
  names: Name[],
  send: (current: CalendarEvent) => Promise<T>,
): Promise<T> {
  try {
    return await send(event);
  } catch (error) {
    if (!(error instanceof Problem && error.isConflict)) throw error;
    const current = await getEvent(event.id, event.original_start);
    if (!isUntouched(event, current, names)) throw error;
    return send(current);
  }
}

function isUntouched(before: CalendarEvent, current: CalendarEvent, names: Name[]): boolean {
  const [then, now] = [fieldsOf(before), fieldsOf(current)];
  return names.every((name) => JSON.stringify(then[name]) === JSON.stringify(now[name]));
}
