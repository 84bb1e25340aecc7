/** The event form: all fields for who owns the content, the personal ones for everybody else. */

import { h } from "../kit/dom";
import { AttendeesField } from "./attendees-field";
import { CategoriesField } from "./chips-field";
import { checkbox, field, type Options, select } from "./fields";
import { IMPORTANCE, reminderText, SENSITIVITY, SHOW_AS } from "./format";
import { RepeatField, type Repetition } from "./series/repeat-field";
import type { State } from "./state";
import type { EventFields, Importance, Sensitivity, ShowAs } from "./types";
import { WhenField } from "./when-field";

const REMINDERS = [0, 5, 10, 15, 30, 60, 120, 1440, 2880, 10080];
const NONE = "none";

export interface EventForm {
  elements: HTMLElement[];
  read: () => EventFields;
  fault: () => { field: string; message: string } | null;
}

interface Kind {
  isNew: boolean;
  repetition: Repetition;
}

export function fullForm(state: State, fields: EventFields, kind: Kind): EventForm {
  const { repetition } = kind;
  const subject = h("input", {
    value: fields.subject,
    maxlength: 255,
    autocomplete: "off",
    placeholder: "What is it about?",
  });
  const when = new WhenField(fields, state.me.time_zone);
  const repeat = new RepeatField(repetition, fields);
  for (const name of ["input", "change"]) {
    when.element.addEventListener(name, () => {
      if (!when.fault()) repeat.follow(when.read());
    });
  }
  const attendees = new AttendeesField(fields.attendees, state.me.email);
  const location = h("input", { value: fields.location, maxlength: 500, autocomplete: "off" });
  const [online, isOnline] = onlineMeeting(fields, kind);
  const description = h("textarea", { rows: 5, value: fields.description });
  const personal = personalForm(state, fields);
  const sensitivity = select(Object.entries(SENSITIVITY), fields.sensitivity);
  const importance = select(Object.entries(IMPORTANCE), fields.importance);
  return {
    elements: [
      field("subject", "Subject", subject),
      when.element,
      repeat.element,
      attendees.element,
      field("location", "Location", location),
      online,
      field("description", "Description", description),
      ...personal.elements,
      h(
        "div",
        { class: "field-row" },
        field("sensitivity", "Sensitivity", sensitivity),
        field("importance", "Importance", importance),
      ),
    ],
    read: () => ({
      ...personal.read(),
      ...when.read(),
      rrule: repeat.read(),
      subject: subject.value.trim(),
      attendees: attendees.read(),
      location: location.value.trim(),
      online_meeting: isOnline.checked,
      description: description.value,
      sensitivity: sensitivity.value as Sensitivity,
      importance: importance.value as Importance,
    }),
    fault: () => when.fault() ?? repeat.fault() ?? attendees.fault(),
  };
}

/** Outlook makes the link when it creates the event; afterwards nothing here can change it. */
function onlineMeeting(fields: EventFields, { isNew }: Kind): [HTMLElement, HTMLInputElement] {
  const help = isNew
    ? "Outlook adds the Teams link once the event is there."
    : "This can only be chosen when the event is created.";
  const [row, input] = checkbox("Online meeting", fields.online_meeting, help);
  input.disabled = !isNew;
  return [h("div", { class: "field", "data-field": "online_meeting" }, row), input];
}

/** What belongs to the reader alone, whoever organizes the event. */
export function personalForm(state: State, fields: EventFields): EventForm {
  const showAs = select(Object.entries(SHOW_AS), fields.show_as);
  const reminder = select(
    reminderOptions(fields.reminder_minutes),
    String(fields.reminder_minutes ?? NONE),
  );
  const categories = new CategoriesField(fields.categories, knownCategories(state));
  return {
    elements: [
      h(
        "div",
        { class: "field-row" },
        field("show_as", "Show as", showAs),
        field("reminder_minutes", "Reminder", reminder),
      ),
      categories.element,
    ],
    read: () => ({
      ...fields,
      show_as: showAs.value as ShowAs,
      reminder_minutes: reminder.value === NONE ? null : Number(reminder.value),
      categories: categories.read(),
    }),
    fault: () => null,
  };
}

function reminderOptions(current: number | null): Options {
  const minutes = new Set([...REMINDERS, ...(current === null ? [] : [current])]);
  const sorted = [...minutes].sort((a, b) => a - b);
  return [
    [NONE, reminderText(null)],
    ...sorted.map((one): [string, string] => [String(one), reminderText(one)]),
  ];
}

export function knownCategories(state: State): string[] {
  const names = new Set([...state.events.values()].flatMap((event) => event.categories));
  return [...names].sort((a, b) => a.localeCompare(b));
}
