/** New times that attendees proposed with their answers: the organizer reads and uses them. */

import { ask } from "../kit/dialog";
import { h, icon } from "../kit/dom";
import { toast } from "../kit/toast";
import { forecast } from "./api";
import { explain } from "./at-once";
import type { Feed } from "./feed";
import { titleOf, whenText } from "./format";
import { datesOf } from "./series/consequence";
import type { When } from "./series/rule";
import { isOccurrence } from "./series/scope";
import type { State } from "./state";
import { changeEvent } from "./still-meant";
import type { Attendee, CalendarEvent, Proposed } from "./types";

/** `use` is null where the time cannot be changed. */
export function proposals(
  state: State,
  event: CalendarEvent,
  use: ((when: When) => void) | null,
): HTMLElement[] {
  return event.attendees.flatMap((person) =>
    person.proposed ? [proposal(state, person, whenOf(event, person.proposed), use)] : [],
  );
}

function proposal(
  state: State,
  { name, email }: Attendee,
  when: When,
  use: ((when: When) => void) | null,
): HTMLElement {
  const text = `${name || email} proposes ${whenText(when, state.me.time_zone)}`;
  const press = { class: "btn btn-small", type: "button", onclick: () => use?.(when) };
  return h(
    "div",
    { class: "event-note" },
    icon("clock"),
    h(
      "div",
      { class: "proposal" },
      h("span", {}, text),
      use && h("button", press, "Use this time"),
    ),
  );
}

function whenOf(event: CalendarEvent, { start, end }: Proposed): When {
  return { start, end, all_day: !start.includes("T"), time_zone: event.time_zone };
}

/** Moves the event, or this one date of a series, once its person has seen whom that mails. */
export async function useTime(
  feed: Feed,
  state: State,
  event: CalendarEvent,
  when: When,
): Promise<void> {
  const dates = isOccurrence(event) ? datesOf(event, "this") : null;
  try {
    const agreed = await ask({
      title: `Move “${titleOf(event)}”?`,
      text: whenText(when, state.me.time_zone),
      mails: (await forecast("edit", event.id, when, dates)).sentence,
      confirm: "Move",
    });
    if (!agreed) return;
    const moved = await changeEvent(event, when, dates);
    if (dates) await feed.refresh();
    else feed.put(moved);
    toast("Moved.");
  } catch (error) {
    explain(feed, error);
  }
}
