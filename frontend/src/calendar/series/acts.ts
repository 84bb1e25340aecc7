/** What a person does to dates of a series; each act first asks for which of them. */

import { toast } from "../../kit/toast";
import * as api from "../api";
import { atOnce } from "../at-once";
import type { Feed } from "../feed";
import { ANSWERS, titleOf } from "../format";
import { changeEvent, onWhole } from "../still-meant";
import type { Answer, CalendarEvent } from "../types";
import { askScope } from "./ask-scope";
import { datesOf, ofChange, ofRemoval } from "./consequence";
import { type Changes, changesFor, datesIn, type Occurrence, type Scope, scopesOf } from "./scope";

const RULE_STAYS = "The rule of this series does not move along, so only this date moves.";

export interface Saved {
  scope: Scope;
  event: CalendarEvent;
}

/** Resolves to null when the person cancels. */
export async function changeDates(
  event: Occurrence,
  changes: Changes,
  confirm = "Save",
): Promise<Saved | null> {
  const series = await api.getEvent(event.id);
  const scopes = scopesOf(event, changes);
  const scope = await askScope({
    title: `Change “${titleOf(event)}”`,
    text: scopes.length === 1 ? RULE_STAYS : "",
    scopes,
    confirm,
    foresee: (scope) => ofChange(scope, event, changes, series),
  });
  if (!scope) return null;
  const sent = changesFor(scope, event, changes, series);
  return { scope, event: await changeEvent(event, sent, datesOf(event, scope)) };
}

export async function deleteDates(feed: Feed, event: Occurrence): Promise<boolean> {
  const isOrganizer = event.access === "organizer";
  const title = titleOf(event);
  const scope = await askScope({
    title: isOrganizer ? `Delete “${title}”?` : `Remove “${title}” from your calendar?`,
    scopes: isOrganizer ? ["this", "following", "all"] : ["this", "all"],
    confirm: isOrganizer ? "Delete" : "Remove",
    danger: true,
    foresee: (scope) => ofRemoval(scope, event),
  });
  if (!scope) return false;
  const gone = datesIn(feed.shown, event, scope);
  const send = () => onWhole(event, (now) => api.deleteEvent(now, datesOf(event, scope)));
  const done = await atOnce(feed, gone, [], send);
  if (done) toast(doneText(scope, isOrganizer));
  return done;
}

function doneText(scope: Scope, isOrganizer: boolean): string {
  if (!isOrganizer) return "Removed.";
  return scope === "all" ? "Deleted. It is in the archive." : "Deleted.";
}

export async function respondToDates(
  feed: Feed,
  event: Occurrence,
  answer: Answer,
  comment: string,
): Promise<void> {
  const scope = await askScope({
    title: `Answer “${titleOf(event)}”`,
    scopes: ["this", "all"],
    confirm: ANSWERS[answer],
  });
  if (!scope) return;
  const dates = datesIn(feed.shown, event, scope);
  const answered = dates.map((date) => ({ ...date, my_response: answer }));
  const occurrence = scope === "this" ? event.original_start : null;
  const send = () => api.respond(event, answer, { occurrence, comment });
  await atOnce(feed, dates, answered, send);
}
