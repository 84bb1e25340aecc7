/** The popover that shows an event beside it; on a phone it rises from the bottom. */

import { h, icon } from "../kit/dom";
import { details } from "./details";
import { ANSWERS } from "./format";
import { isOwn } from "./hues";
import { placeNear } from "./place-near";
import type { When } from "./series/rule";
import { keyOf, type State } from "./state";
import type { Answer, CalendarEvent } from "./types";

export interface PopoverActions {
  edit: (event: CalendarEvent) => void;
  remove: (event: CalendarEvent) => void;
  archive: (event: CalendarEvent) => void;
  respond: (event: CalendarEvent, answer: Answer, comment: string) => void;
  useTime: (event: CalendarEvent, when: When) => void;
}

export class Popover {
  private dialog: HTMLDialogElement | null = null;
  private anchor: HTMLElement | null = null;
  /** The event it shows, for the keys that act on it. */
  event: CalendarEvent | null = null;

  constructor(
    private readonly state: State,
    private readonly actions: PopoverActions,
  ) {
    document.addEventListener("pointerdown", (press) => this.closeIfOutside(press.target));
  }

  open(event: CalendarEvent, anchor: HTMLElement): void {
    this.close();
    this.event = event;
    this.anchor = anchor;
    const dialog = h(
      "dialog",
      { class: "pop event-pop", "aria-label": event.subject || "Event" },
      this.head(event),
      details(this.state, event, (when) => {
        this.close();
        this.actions.useTime(event, when);
      }),
      this.foot(event),
    );
    this.dialog = dialog;
    document.body.append(dialog);
    anchor.classList.add("is-open");
    dialog.addEventListener("keydown", (press) => this.onKey(press));
    dialog.show();
    placeNear(dialog, anchor.getBoundingClientRect());
    dialog.querySelector<HTMLElement>("button")?.focus();
  }

  close(): void {
    if (!this.dialog) return;
    const hadFocus = this.dialog.contains(document.activeElement);
    this.dialog.remove();
    this.anchor?.classList.remove("is-open");
    if (hadFocus) this.anchorNow()?.focus();
    this.dialog = this.anchor = this.event = null;
  }

  /** The event's element; the grid may have drawn it anew since. */
  private anchorNow(): HTMLElement | null {
    if (this.anchor?.isConnected) return this.anchor;
    const key = this.event && keyOf(this.event);
    return document.querySelector<HTMLElement>(`[data-event="${key}"]`);
  }

  private head(event: CalendarEvent): HTMLElement {
    const bar = h("div", { class: "pop-bar" });
    if (isOwn(event)) bar.append(...this.tools(event));
    bar.append(tool("close", "Close", () => this.close()));
    return bar;
  }

  private tools(event: CalendarEvent): HTMLElement[] {
    const isOrganizer = event.access === "organizer";
    const run = (act: (event: CalendarEvent) => void) => () => {
      this.close();
      act(event);
    };
    const tools: HTMLElement[] = [tool("edit", "Edit", run(this.actions.edit))];
    if (isOrganizer) tools.push(tool("archive", "Archive", run(this.actions.archive)));
    const label = isOrganizer ? "Delete" : "Remove from my calendar";
    tools.push(tool("trash", label, run(this.actions.remove)));
    return event.outlook.state === "not_connected" ? tools : [...tools, historyLink(event)];
  }

  private foot(event: CalendarEvent): HTMLElement | null {
    if (event.access !== "attendee") return null;
    const comment = commentField(event);
    const group = h(
      "div",
      { class: "answers", role: "group", "aria-label": "Your answer" },
      comment,
    );
    for (const [answer, label] of Object.entries(ANSWERS) as [Answer, string][]) {
      const press = () => {
        this.close();
        this.actions.respond(event, answer, comment?.value.trim() ?? "");
      };
      const pressed = String(event.my_response === answer);
      group.append(
        h(
          "button",
          { class: "btn btn-small", type: "button", "aria-pressed": pressed, onclick: press },
          label,
        ),
      );
    }
    return group;
  }

  private closeIfOutside(target: EventTarget | null): void {
    if (!(target instanceof Element) || this.dialog?.contains(target)) return;
    if (target.closest(".toasts, dialog")) return;
    this.close();
  }

  private onKey(press: KeyboardEvent): void {
    if (press.key === "Escape") {
      press.stopPropagation();
      this.close();
    }
    if (press.key === "Tab" && this.dialog) keepFocus(this.dialog, press);
  }
}

/** Outlook carries it to the organizer, with the answer. */
function commentField(event: CalendarEvent): HTMLInputElement | null {
  const travels = event.outlook.state === "synced" || event.outlook.state === "waiting";
  if (!travels) return null;
  const label = `Comment for ${event.organizer?.name || event.organizer?.email || "the organizer"}`;
  return h("input", {
    class: "answer-comment",
    type: "text",
    placeholder: `${label} (optional)`,
    "aria-label": label,
    autocomplete: "off",
  });
}

function tool(name: string, label: string, onclick: () => void): HTMLButtonElement {
  return h(
    "button",
    {
      class: "btn btn-quiet btn-icon btn-small",
      type: "button",
      "aria-label": label,
      title: label,
      onclick,
    },
    icon(name),
  );
}

/** To what happened to the event in both calendars, and why. */
function historyLink(event: CalendarEvent): HTMLAnchorElement {
  return h(
    "a",
    {
      class: "btn btn-quiet btn-icon btn-small",
      href: `/outlook/events/${event.id}/`,
      "aria-label": "History",
      title: "History",
    },
    icon("history"),
  );
}

/** Tab goes round inside the element. */
export function keepFocus(root: HTMLElement, press: KeyboardEvent): void {
  const all = [
    ...root.querySelectorAll<HTMLElement>(
      "a[href], button, input, select, textarea, summary, [tabindex='0']",
    ),
  ].filter((element) => element.offsetParent !== null && !element.matches(":disabled"));
  const [first, last] = [all[0], all.at(-1)];
  if (press.shiftKey && document.activeElement === first) {
    press.preventDefault();
    last?.focus();
  } else if (!press.shiftKey && document.activeElement === last) {
    press.preventDefault();
    first?.focus();
  }
}
