/** An event written out for reading, in the popover and in lists. */

import { h, icon } from "../kit/dom";
import { description } from "./description";
import {
  movedText,
  otherZoneText,
  reminderText,
  responseText,
  SENSITIVITY,
  SHOW_AS,
  titleOf,
  whenText,
} from "./format";
import { hueOfEvent, hueOfName, isOwn } from "./hues";
import { proposals } from "./proposals";
import type { When } from "./series/rule";
import type { State } from "./state";
import type { Attendee, CalendarEvent } from "./types";

const SHOWN_ATTENDEES = 6;

/** `use` moves the event to a time that somebody proposed. */
export function details(
  state: State,
  event: CalendarEvent,
  use: ((when: When) => void) | null = null,
): HTMLElement {
  const zone = state.me.time_zone;
  return h(
    "div",
    { class: "event-details" },
    h(
      "div",
      { class: `event-head hue-${hueOfEvent(state, event)}` },
      h("span", { class: "swatch", "aria-hidden": "true" }),
      h(
        "div",
        {},
        h("h2", { class: "event-title" }, titleOf(event)),
        h("p", { class: "event-when" }, whenText(event, zone)),
        otherZone(event, zone),
      ),
    ),
    event.access === "busy" ? busyNote(state, event) : facts(state, event, use),
  );
}

function otherZone(event: CalendarEvent, zone: string): HTMLElement | null {
  const text = otherZoneText(event, zone);
  return text ? h("p", { class: "event-zone" }, text) : null;
}

function busyNote(state: State, event: CalendarEvent): HTMLElement {
  const who = event.user_ids.filter((id) => id !== state.me.id).map((id) => state.nameOf(id));
  return line("people", `${who.join(", ")}: ${SHOW_AS[event.show_as] ?? "Busy"}`);
}

function facts(
  state: State,
  event: CalendarEvent,
  use: ((when: When) => void) | null,
): HTMLElement {
  const box = h("div", { class: "event-facts" });
  const add = (node: Node | null) => node && box.append(node);
  add(event.locked ? note("lock", event.locked) : null);
  add(isOwn(event) ? outlookNote(event) : null);
  box.append(...proposals(state, event, event.locked ? null : use));
  add(event.online_meeting_url ? joinLink(event.online_meeting_url) : null);
  add(event.recurrence_text ? line("repeat", repetition(event)) : null);
  add(event.location ? line("place", event.location) : null);
  add(people(state, event));
  add(description(event));
  add(event.categories.length ? categories(event) : null);
  add(isOwn(event) ? personal(event) : null);
  return box;
}

function line(name: string, text: string): HTMLElement {
  return h("div", { class: "fact" }, icon(name), h("span", {}, text));
}

function repetition(event: CalendarEvent): string {
  const moved = movedText(event);
  return [event.recurrence_text, moved && `moved from ${moved}`].filter(Boolean).join(" · ");
}

function note(name: string, text: string): HTMLElement {
  return h("p", { class: "event-note" }, icon(name), h("span", {}, text));
}

function outlookNote(event: CalendarEvent): HTMLElement | null {
  if (event.outlook.state === "synced") {
    return note("outlook", `In your Outlook calendar. ${event.outlook.reason ?? ""}`);
  }
  if (event.outlook.state === "waiting") {
    return note("clock", event.outlook.reason ?? "Waiting to be written to Outlook.");
  }
  if (event.outlook.state !== "not_in_outlook") return null;
  return note("apart", `Not in Outlook. ${event.outlook.reason ?? ""}`);
}

function joinLink(url: string): HTMLElement {
  const link = h(
    "a",
    { href: url, target: "_blank", rel: "noopener noreferrer" },
    "Join the online meeting",
  );
  return h("div", { class: "fact" }, icon("video"), link);
}

function people(state: State, event: CalendarEvent): HTMLElement | null {
  if (event.attendees.length === 0) return null;
  const list = h("ul", { class: "people-list" });
  if (event.organizer) {
    const { name, email } = event.organizer;
    list.append(
      row(state.isMe(email) ? "You" : name || email || "", "Organizer", "organizer", email),
    );
  }
  const [first, rest] = [
    event.attendees.slice(0, SHOWN_ATTENDEES),
    event.attendees.slice(SHOWN_ATTENDEES),
  ];
  list.append(...first.map((attendee) => attendeeRow(state, attendee)));
  const box = h("div", {}, list);
  if (rest.length) {
    const more = h("ul", { class: "people-list" }, ...rest.map((one) => attendeeRow(state, one)));
    box.append(h("details", { class: "more" }, h("summary", {}, `${rest.length} more`), more));
  }
  return h("div", { class: "fact" }, icon("people"), box);
}

function attendeeRow(state: State, attendee: Attendee): HTMLElement {
  const name = state.isMe(attendee.email) ? "You" : attendee.name || attendee.email || "";
  const optional = attendee.type === "optional" ? ", optional" : "";
  const answer = attendee.email ? responseText(attendee.response) : "Never mailed";
  return row(name, answer + optional, attendee.response ?? "none", attendee.email);
}

function row(
  name: string,
  answer: string,
  response: string,
  email: string | null = null,
): HTMLElement {
  return h(
    "li",
    { title: email ?? "" },
    h("span", { class: `answer-mark answer-${response}`, "aria-hidden": "true" }),
    h("span", { class: "truncate" }, name),
    h("span", { class: "muted small" }, answer),
  );
}

function categories(event: CalendarEvent): HTMLElement {
  const chips = event.categories.map((name) =>
    h("span", { class: `chip hue-${hueOfName(name)}` }, name),
  );
  return h("div", { class: "fact" }, icon("tag"), h("span", { class: "chips" }, ...chips));
}

function personal(event: CalendarEvent): HTMLElement {
  const words = [SHOW_AS[event.show_as] ?? "Unknown", reminderText(event.reminder_minutes)];
  if (event.sensitivity !== "normal") words.push(SENSITIVITY[event.sensitivity] ?? "");
  if (event.importance === "high") words.push("High importance");
  return h("div", { class: "fact muted" }, icon("bell"), h("span", {}, words.join(" · ")));
}
