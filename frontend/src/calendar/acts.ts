/** What a person does to an event, and what they are asked before it: one function per verb. */

import { ask } from "../kit/dialog";
import { toast } from "../kit/toast";
import * as api from "./api";
import { atOnce } from "./at-once";
import type { Feed } from "./feed";
import { dayText, titleOf } from "./format";
import { changeDates, deleteDates, respondToDates } from "./series/acts";
import { datesIn, isOccurrence } from "./series/scope";
import { onWhole, changeEvent as saveChange } from "./still-meant";
import type { Act, Answer, CalendarEvent, EventFields } from "./types";

export async function createEvent(feed: Feed, fields: EventFields): Promise<void> {
  const event = await api.createEvent(fields);
  feed.put(event);
  sayWhere(feed, event);
}

/** What is saved to a day out of sight seems lost otherwise. */
function sayWhere(feed: Feed, event: CalendarEvent): void {
  const day = event.start.slice(0, 10);
  if (feed.covers(day)) return;
  toast(`Saved on ${dayText(day)}.`, { action: { label: "Show", run: () => feed.goTo(day) } });
}

/** Resolves to false when the person thinks better of it. */
export async function changeEvent(
  feed: Feed,
  event: CalendarEvent,
  changes: Partial<EventFields>,
): Promise<boolean> {
  try {
    if (!isOccurrence(event)) {
      const saved = await saveChange(event, changes);
      feed.put(saved);
      if (changes.start) sayWhere(feed, saved);
    } else if (await changeDates(event, changes)) await feed.refresh();
    else return false;
    return true;
  } catch (error) {
    if (error instanceof api.Problem && error.isConflict) void feed.refresh();
    throw error;
  }
}

/** The organizer's event goes to the archive; an attendee only takes themselves off. */
export function deleteEvent(feed: Feed, event: CalendarEvent): Promise<boolean> {
  if (isOccurrence(event)) return deleteDates(feed, event);
  const isOrganizer = event.access === "organizer";
  const question = isOrganizer
    ? { title: `Delete “${titleOf(event)}”?`, text: "It moves to the archive.", confirm: "Delete" }
    : {
        title: `Remove “${titleOf(event)}” from your calendar?`,
        text: "The event stays for everybody else.",
        confirm: "Remove",
      };
  return takeAway(feed, event, "delete", question, () => onWhole(event, api.deleteEvent));
}

export function archiveEvent(feed: Feed, event: CalendarEvent): Promise<boolean> {
  const what = isOccurrence(event) ? `all dates of “${titleOf(event)}”` : `“${titleOf(event)}”`;
  const question = {
    title: `Archive ${what}?`,
    text: "It leaves the calendar and can be brought back from the archive.",
    confirm: "Archive",
  };
  return takeAway(feed, event, "archive", question, () => onWhole(event, api.archiveEvent));
}

/** Ids of what is about to go: a key pressed twice on a slow line asks once. */
const leaving = new Set<string>();

async function takeAway(
  feed: Feed,
  event: CalendarEvent,
  act: Act,
  question: { title: string; text: string; confirm: string },
  send: () => Promise<unknown>,
): Promise<boolean> {
  if (leaving.has(event.id)) return false;
  leaving.add(event.id);
  try {
    const mails = await sentenceFor(act, event);
    if (!(await ask({ ...question, mails, danger: act === "delete" }))) return false;
    const gone = isOccurrence(event) ? datesIn(feed.shown, event, "all") : [event];
    const done = await atOnce(feed, gone, [], send);
    if (done) toast(doneText(act, event));
    return done;
  } finally {
    leaving.delete(event.id);
  }
}

function doneText(act: Act, event: CalendarEvent): string {
  if (act === "archive") return "Archived.";
  return event.access === "organizer" ? "Deleted. It is in the archive." : "Removed.";
}

/** Whom the act mails; an act that cannot be forecast is refused by the server itself. */
export async function sentenceFor(act: Act, event: CalendarEvent): Promise<string> {
  try {
    return (await api.forecast(act, event.id)).sentence;
  } catch {
    return "";
  }
}

export async function respond(
  feed: Feed,
  event: CalendarEvent,
  answer: Answer,
  comment: string,
): Promise<void> {
  if (isOccurrence(event)) return respondToDates(feed, event, answer, comment);
  await atOnce(feed, [event], [{ ...event, my_response: answer }], () =>
    api.respond(event, answer, { comment }),
  );
}
