/** What a person does to an event, and what they are asked before it: one function per verb. */

import type { Calendar } from "fullcalendar";
import { ask } from "../kit/dialog";
import { toast } from "../kit/toast";
import * as api from "./api";
import { titleOf } from "./format";
import { putEvent, takeEvent } from "./grid";
import { explain } from "./moves";
import type { State } from "./state";
import type { Act, Answer, CalendarEvent, EventFields } from "./types";

interface Page {
  calendar: Calendar;
  state: State;
}

export async function createEvent({ calendar, state }: Page, fields: EventFields): Promise<void> {
  putEvent(calendar, state, await api.createEvent(fields));
}

export async function changeEvent(
  { calendar, state }: Page,
  event: CalendarEvent,
  changes: Partial<EventFields>,
): Promise<void> {
  try {
    putEvent(calendar, state, await api.changeEvent(event, changes));
  } catch (error) {
    if (error instanceof api.Problem && error.isConflict) calendar.refetchEvents();
    throw error;
  }
}

/** The organizer's event goes to the archive; an attendee only takes themselves off. */
export function deleteEvent(page: Page, event: CalendarEvent): Promise<boolean> {
  const isOrganizer = event.access === "organizer";
  const question = isOrganizer
    ? { title: `Delete “${titleOf(event)}”?`, text: "It moves to the archive.", confirm: "Delete" }
    : {
        title: `Remove “${titleOf(event)}” from your calendar?`,
        text: "The event stays for everybody else.",
        confirm: "Remove",
      };
  return takeAway(page, event, "delete", question, () => api.deleteEvent(event));
}

export function archiveEvent(page: Page, event: CalendarEvent): Promise<boolean> {
  const question = {
    title: `Archive “${titleOf(event)}”?`,
    text: "It leaves the calendar and can be brought back from the archive.",
    confirm: "Archive",
  };
  return takeAway(page, event, "archive", question, () => api.archiveEvent(event));
}

async function takeAway(
  page: Page,
  event: CalendarEvent,
  act: Act,
  question: { title: string; text: string; confirm: string },
  send: () => Promise<unknown>,
): Promise<boolean> {
  const mails = await sentenceFor(act, event);
  const text = [mails, question.text].filter(Boolean).join(" ");
  if (!(await ask({ ...question, text, danger: act === "delete" }))) return false;
  const { calendar, state } = page;
  takeEvent(calendar, state, event);
  try {
    await send();
    toast(
      act === "archive"
        ? "Archived."
        : event.access === "organizer"
          ? "Deleted. It is in the archive."
          : "Removed.",
    );
    return true;
  } catch (error) {
    putEvent(calendar, state, event);
    explain(calendar, error);
    return false;
  }
}

/** Whom the act mails; an act that cannot be forecast is refused by the server itself. */
export async function sentenceFor(act: Act, event: CalendarEvent): Promise<string> {
  try {
    return (await api.forecast(act, event.id)).sentence;
  } catch {
    return "";
  }
}

export async function respond(page: Page, event: CalendarEvent, answer: Answer): Promise<void> {
  const { calendar, state } = page;
  putEvent(calendar, state, { ...event, my_response: answer });
  try {
    putEvent(calendar, state, await api.respond(event, answer));
  } catch (error) {
    putEvent(calendar, state, event);
    explain(calendar, error);
  }
}
