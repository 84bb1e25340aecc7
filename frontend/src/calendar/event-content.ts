/** What is written on an event in the grid, and what a screen reader says of it. */

import type { EventDisplayInfo } from "fullcalendar";
import { h, icon } from "../kit/dom";
import { SHOW_AS, shortTime, timeRange, titleOf } from "./format";
import { hueOfEvent, isOwn } from "./hues";
import type { State } from "./state";
import type { CalendarEvent } from "./types";

export function apiEvent(info: {
  event: { extendedProps: Record<string, unknown> };
}): CalendarEvent | null {
  return (info.event.extendedProps.source as CalendarEvent | undefined) ?? null;
}

/** Classes for the state of an event: hue, hatched, outlined, struck through. */
export function eventClasses(state: State, event: CalendarEvent): string {
  const classes = [`hue-${hueOfEvent(state, event)}`];
  const unanswered = event.my_response === "not_responded" || event.my_response === "none";
  if (event.my_response === "declined") classes.push("ev-declined");
  if (event.show_as === "tentative" || (event.access === "attendee" && unanswered)) {
    classes.push("ev-tentative");
  }
  if (event.show_as === "free") classes.push("ev-free");
  if (!isOwn(event)) classes.push("ev-other");
  return classes.join(" ");
}

export function titleWithPerson(state: State, event: CalendarEvent): string {
  if (isOwn(event)) return titleOf(event);
  const people = others(state, event);
  return people.length ? `${people.join(", ")}: ${titleOf(event)}` : titleOf(event);
}

function others(state: State, event: CalendarEvent): string[] {
  const shown = event.user_ids.filter((id) => id !== state.me.id && state.shownPeople.has(id));
  return shown.map((id) => state.nameOf(id));
}

/** In the grid a first name is enough. */
function shortTitle(state: State, event: CalendarEvent): string {
  if (isOwn(event)) return titleOf(event);
  const names = others(state, event).map((name) => name.split(" ")[0]);
  return names.length ? `${names.join(", ")}: ${titleOf(event)}` : titleOf(event);
}

/** Steps back first where room is short. */
function repeatSign(): SVGSVGElement {
  const sign = icon("repeat");
  sign.classList.add("ev-repeat");
  return sign;
}

function isHidden(event: CalendarEvent): boolean {
  return isOwn(event) && (event.sensitivity === "private" || event.sensitivity === "confidential");
}

/** Decoration: what they mean is in the name and the description of the event. */
function marks(event: CalendarEvent): SVGSVGElement[] {
  const found: SVGSVGElement[] = [];
  if (event.recurrence_text) found.push(repeatSign());
  if (isHidden(event)) {
    found.push(icon("lock"));
  }
  if (event.outlook.state === "waiting") found.push(icon("clock"));
  if (isOwn(event) && event.outlook.state === "not_in_outlook") {
    found.push(icon("apart"));
  }
  if (event.importance === "high") found.push(icon("important"));
  return found;
}

export function eventNodes(state: State, info: EventDisplayInfo): Node[] {
  const event = apiEvent(info);
  if (!event) return [h("span", { class: "ev-title" }, info.event.title || "New event")];
  const title = h("span", { class: "ev-title" }, ...marks(event), shortTitle(state, event));
  const text =
    info.isShort && info.event.start && !info.event.allDay
      ? shortTime(info.event.start, state.me.time_zone)
      : info.timeText;
  const time = text ? h("span", { class: "ev-time" }, text) : null;
  const isColumn = info.view.type.startsWith("timeGrid") && !info.event.allDay;
  const isList = info.view.type === "agenda";
  const place = event.location ? h("span", { class: "ev-place" }, event.location) : null;
  if (isColumn) {
    return [title, ...present(time), ...(info.isShort ? [] : present(place))];
  }
  return isList
    ? [...present(time), h("span", { class: "ev-text" }, title, ...present(place))]
    : [...present(time), title];
}

function present(node: Node | null): Node[] {
  return node ? [node] : [];
}

/** "Board meeting, 9:00 AM – 10:00 AM, Room 4, tentative" */
export function spokenText(state: State, info: EventDisplayInfo): string {
  const event = apiEvent(info);
  if (!event) return "New event";
  const { start, end, allDay } = info.event;
  const parts = [titleWithPerson(state, event)];
  if (allDay) parts.push("all day");
  else if (start && end) parts.push(timeRange(start, end, state.me.time_zone));
  if (event.location) parts.push(event.location);
  if (event.show_as !== "busy" && SHOW_AS[event.show_as]) parts.push(SHOW_AS[event.show_as] ?? "");
  if (event.my_response === "declined") parts.push("declined");
  if (event.recurrence_text) parts.push("repeats");
  if (isHidden(event)) parts.push("private");
  if (event.importance === "high") parts.push("important");
  return parts.join(", ");
}

/** How it stands in Outlook, read after the name; empty when there is nothing to say. */
export function outlookText(event: CalendarEvent): string {
  if (!isOwn(event)) return "";
  if (event.outlook.state === "waiting") return event.outlook.reason ?? "Waiting for Outlook.";
  if (event.outlook.state === "not_in_outlook")
    return `Not in Outlook. ${event.outlook.reason ?? ""}`;
  return "";
}
