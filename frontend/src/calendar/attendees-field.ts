/** Who takes part: chosen from users and contacts, typed as an address, or named without one. */

import { freshId, h, icon } from "../kit/dom";
import { findPeople } from "./api";
import { responseText } from "./format";
import { type Suggestion, Suggestions } from "./suggestions";
import type { Attendee, AttendeeType, Person } from "./types";

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const TYPES: Record<AttendeeType, string> = {
  required: "Required",
  optional: "Optional",
  resource: "Resource",
};

export class AttendeesField {
  readonly element: HTMLElement;
  private readonly attendees: Attendee[];
  private readonly list = h("ul", { class: "attendees" });
  private readonly input: HTMLInputElement;

  constructor(
    attendees: Attendee[],
    private readonly ownEmail: string,
  ) {
    this.attendees = attendees.map((attendee) => ({ ...attendee }));
    this.input = h("input", { id: freshId("attendees"), placeholder: "Name or e-mail address" });
    const suggestions = new Suggestions(this.input, {
      find: (text, signal) => this.suggest(text, signal),
      pick: (suggestion) => this.add(suggestion.value as Attendee),
    });
    this.element = h(
      "div",
      { class: "field", "data-field": "attendees" },
      h("label", { for: this.input.id }, "Attendees"),
      h("div", { class: "suggest-anchor" }, this.input, suggestions.list),
      this.list,
      h("p", { class: "error", hidden: true }),
    );
    this.render();
  }

  /** An address that is still in the text field counts: nobody should be lost for a missing Enter. */
  read(): Attendee[] {
    const pending = parse(this.input.value);
    return [...this.attendees, ...(pending?.email && !this.has(pending) ? [pending] : [])];
  }

  fault(): { field: string; message: string } | null {
    const pending = parse(this.input.value);
    if (!pending || pending.email) return null;
    const message = `Choose a person, or press Enter to add “${pending.name}” as a name only.`;
    return { field: "attendees", message };
  }

  private async suggest(text: string, signal: AbortSignal): Promise<Suggestion[]> {
    const people = (await findPeople(text, signal))
      .filter((person) => this.isNew(person))
      .slice(0, 6);
    const typed = parse(text);
    const found = people.map(personSuggestion);
    const isListed = people.some(
      (person) => typed?.email && person.email === typed.email.toLowerCase(),
    );
    return typed && !isListed && !this.has(typed) ? [...found, typedSuggestion(typed)] : found;
  }

  private isNew(person: Person): boolean {
    return (
      person.email?.toLowerCase() !== this.ownEmail.toLowerCase() && !this.has(attendeeOf(person))
    );
  }

  private has(attendee: Attendee): boolean {
    const key = keyOf(attendee);
    return this.attendees.some((other) => keyOf(other) === key);
  }

  private add(attendee: Attendee): void {
    if (!this.has(attendee)) this.attendees.push(attendee);
    this.input.value = "";
    this.changed();
  }

  private remove(attendee: Attendee): void {
    this.attendees.splice(this.attendees.indexOf(attendee), 1);
    this.changed();
    this.input.focus();
  }

  private changed(): void {
    this.render();
    this.input.dispatchEvent(new CustomEvent("attendees", { bubbles: true }));
  }

  private render(): void {
    this.list.replaceChildren(...this.attendees.map((attendee) => this.row(attendee)));
  }

  private row(attendee: Attendee): HTMLElement {
    const label = attendee.name || attendee.email || "";
    const under = attendee.email ?? "Never mailed: no address";
    return h(
      "li",
      { class: "attendee" },
      h("span", {
        class: `answer-mark answer-${attendee.response ?? "none"}`,
        role: "img",
        "aria-label": responseText(attendee.response),
        title: responseText(attendee.response),
      }),
      h(
        "span",
        { class: "attendee-name" },
        h("span", { class: "truncate" }, label),
        under === label ? null : h("span", { class: "truncate muted small" }, under),
      ),
      this.typeSelect(attendee, label),
      h(
        "button",
        {
          class: "btn btn-quiet btn-icon btn-small",
          type: "button",
          "aria-label": `Remove ${label}`,
          onclick: () => this.remove(attendee),
        },
        icon("close"),
      ),
    );
  }

  private typeSelect(attendee: Attendee, label: string): HTMLSelectElement {
    const options = Object.entries(TYPES).map(([value, text]) => h("option", { value }, text));
    const element = h(
      "select",
      { class: "attendee-type", "aria-label": `${label} is` },
      ...options,
    );
    element.value = attendee.type;
    element.addEventListener("change", () => {
      attendee.type = element.value as AttendeeType;
    });
    return element;
  }
}

function keyOf(attendee: Attendee): string {
  return (attendee.email ?? `name:${attendee.name}`).toLowerCase();
}

/** What was typed: an address, "Name <address>", or a bare name. */
export function parse(text: string): Attendee | null {
  const trimmed = text.trim().replace(/[,;]$/, "").trim();
  if (!trimmed) return null;
  const named = /^(.*?)\s*<([^<>]+)>$/.exec(trimmed);
  const email = named?.[2] ?? trimmed;
  if (ADDRESS.test(email)) return { email, name: named?.[1] ?? "", type: "required" };
  return { email: null, name: trimmed, type: "required" };
}

function attendeeOf(person: Person): Attendee {
  return { email: person.email, name: person.name, type: "required" };
}

function personSuggestion(person: Person): Suggestion {
  const note = person.kind === "user" ? "Colleague" : "Contact";
  const address = person.email ?? "No address: never mailed";
  return { label: person.name || address, note: `${address} · ${note}`, value: attendeeOf(person) };
}

function typedSuggestion(attendee: Attendee): Suggestion {
  return attendee.email
    ? { label: `Add ${attendee.email}`, note: "By e-mail address", value: attendee }
    : { label: `Add “${attendee.name}”`, note: "Only a name: never mailed", value: attendee };
}
