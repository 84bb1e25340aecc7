/** Saving a change to an event that may have changed meanwhile.
 *
 * A sync or a colleague may have raised the version since the form was opened. When none of the fields
 * that the person changed is touched by that, the change still means what they meant: it is sent again
 * for the newer version. Otherwise the conflict is theirs to see.
 */

import { getEvent, Problem, patchEvent } from "./api";
import { fieldsOf } from "./draft";
import type { CalendarEvent, EventFields } from "./types";

export async function changeEvent(
  event: CalendarEvent,
  changes: Partial<EventFields>,
): Promise<CalendarEvent> {
  try {
    return await patchEvent(event, changes);
  } catch (error) {
    if (!(error instanceof Problem && error.isConflict)) throw error;
    const current = await getEvent(event.id);
    if (!isUntouched(event, current, changes)) throw error;
    return patchEvent(current, changes);
  }
}

function isUntouched(
  before: CalendarEvent,
  current: CalendarEvent,
  changes: Partial<EventFields>,
): boolean {
  const [then, now] = [fieldsOf(before), fieldsOf(current)];
  const names = Object.keys(changes) as (keyof EventFields)[];
  return names.every((name) => JSON.stringify(then[name]) === JSON.stringify(now[name]));
}
