/** Moving and resizing by drag: shown at once, asked about when people would be mailed or other dates
 * could move along, and taken back with the reason when the server refuses. */

import type { EventApi } from "fullcalendar";
import { ask } from "../kit/dialog";
import { toast } from "../kit/toast";
import { forecast } from "./api";
import { askNear } from "./ask-near";
import { explain } from "./at-once";
import { apiEvent } from "./event-content";
import type { Feed } from "./feed";
import { titleOf } from "./format";
import { boxAt } from "./place-near";
import { changeDates } from "./series/acts";
import { datesOf } from "./series/consequence";
import type { When } from "./series/rule";
import { isOccurrence, type Occurrence } from "./series/scope";
import { keyOf } from "./state";
import { changeEvent } from "./still-meant";
import type { CalendarEvent } from "./types";
import { addDays, wallAt } from "./zones";

interface Change {
  event: EventApi;
  oldEvent: EventApi;
  revert: () => void;
  jsEvent: MouseEvent;
}

/** The new start and end as the API wants them: in the event's own zone. */
export function newTimes(moved: EventApi, event: CalendarEvent): When {
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
  const when = newTimes(change.event, event);
  try {
    const isMoved = isOccurrence(event)
      ? await moveDates(feed, event, when)
      : await moveOne(feed, event, when, change);
    if (!isMoved) change.revert();
  } catch (error) {
    change.revert();
    explain(feed, error);
  }
}

async function moveOne(
  feed: Feed,
  event: CalendarEvent,
  when: When,
  change: Change,
): Promise<boolean> {
  if (!(await agrees(event, when, change))) return false;
  const saved = await changeEvent(event, when);
  feed.put(saved);
  offerBack(feed, "Moved.", saved, event);
  return true;
}

async function agrees(event: CalendarEvent, when: When, change: Change): Promise<boolean> {
  const { mails, sentence } = await forecast("edit", event.id, when);
  if (mails.length === 0) return true;
  const { clientX: x, clientY: y } = change.jsEvent;
  const moved = document.querySelector(`[data-event="${keyOf(event)}"]`);
  return askNear(moved?.getBoundingClientRect() ?? boxAt({ x, y }), {
    title: "Move this event?",
    text: sentence,
    confirm: "Move and mail",
  });
}

async function moveDates(feed: Feed, event: Occurrence, when: When): Promise<boolean> {
  const saved = await changeDates(event, when, "Move");
  if (saved?.scope === "this") offerBack(feed, "Moved this date.", saved.event, event);
  return saved !== null;
}

function offerBack(feed: Feed, done: string, moved: CalendarEvent, to: CalendarEvent): void {
  const undo = () => void moveBack(feed, moved, to);
  toast(done, { action: { label: "Undo", run: undo } });
}

async function moveBack(feed: Feed, moved: CalendarEvent, to: CalendarEvent): Promise<void> {
  const { start, end, all_day, time_zone } = to;
  const when = { start, end, all_day, time_zone };
  const dates = isOccurrence(to) ? datesOf(to, "this") : null;
  try {
    const { sentence: mails } = await forecast("edit", to.id, when, dates);
    const question = { title: `Put “${titleOf(to)}” back?`, mails, confirm: "Put back" };
    if (mails && !(await ask(question))) return;
    await changeEvent(moved, when, dates);
  } catch (error) {
    explain(feed, error);
  }
  await feed.refresh();
}
