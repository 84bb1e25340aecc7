/** The panel from the right with an event's full form; the grid stays in sight, and on a phone the
 * panel fills the screen. */

import { ask } from "../kit/dialog";
import { h, icon, must, replace } from "../kit/dom";
import { getEvent, Problem, reasonOf } from "./api";
import { details } from "./details";
import { changesBetween, fieldsOf } from "./draft";
import { type EventForm, fullForm, personalForm } from "./event-form";
import { isSignedOut, signInLink } from "./failure";
import { clearErrors, clearFieldErrors, showError } from "./fields";
import { ForecastLine } from "./forecast-line";
import { keepFocus } from "./popover";
import { datesOf } from "./series/consequence";
import type { Repetition } from "./series/repeat-field";
import { isOccurrence, scopesOf } from "./series/scope";
import type { State } from "./state";
import type { CalendarEvent, EventFields } from "./types";

export interface PanelActions {
  create: (fields: EventFields) => Promise<void>;
  /** Resolves to false when the person thinks better of it. */
  change: (event: CalendarEvent, changes: Partial<EventFields>) => Promise<boolean>;
  remove: (event: CalendarEvent) => Promise<boolean>;
  archive: (event: CalendarEvent) => Promise<boolean>;
  /** The form shows other times: the grid can show them too. Null when it closes. */
  preview: (fields: EventFields | null) => void;
}

const CONFLICT =
  "Somebody changed the same while you were writing. Close this form to see how it is now, or save yours over it.";
const PHONE = matchMedia("(max-width: 767px)");

export class Panel {
  private readonly element = must<HTMLElement>("#event-panel");
  private readonly line = new ForecastLine();
  private event: CalendarEvent | null = null;
  private before: EventFields | null = null;
  private form: EventForm | null = null;
  private returnFocus: Element | null = null;
  private underWay = false;

  constructor(
    private readonly state: State,
    private readonly actions: PanelActions,
  ) {
    this.element.addEventListener("keydown", (press) => this.onKey(press));
    window.addEventListener("beforeunload", (leave) => {
      if (Object.keys(this.changes()).length) leave.preventDefault();
    });
    for (const name of ["input", "change", "attendees"]) {
      this.element.addEventListener(name, () => this.changed());
    }
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  async openNew(fields: EventFields): Promise<void> {
    if (await this.mayLeave()) this.show(null, fields);
  }

  async openEdit(event: CalendarEvent): Promise<void> {
    if (await this.mayLeave()) this.show(event, fieldsOf(event));
  }

  async close(): Promise<void> {
    if (await this.mayLeave()) this.hide();
  }

  private show(event: CalendarEvent | null, fields: EventFields): void {
    if (!this.isOpen) this.returnFocus = document.activeElement;
    this.event = event;
    this.before = fields;
    const isFull = !event || (event.access === "organizer" && !event.locked);
    this.form = isFull
      ? fullForm(this.state, fields, { isNew: !event, repetition: repetitionOf(event) })
      : personalForm(this.state, fields);
    this.line.clear();
    replace(this.element, this.head(event), this.body(event, isFull), this.foot(event));
    this.element.hidden = false;
    this.element.setAttribute("aria-label", event ? "Edit event" : "New event");
    this.element.setAttribute("aria-modal", String(PHONE.matches));
    document.body.classList.add("panel-open");
    this.element.querySelector<HTMLElement>("input, select")?.focus();
    this.before = this.form.read();
    if (!event) this.actions.preview(this.before);
  }

  private hide(): void {
    this.element.hidden = true;
    document.body.classList.remove("panel-open");
    this.event = this.form = this.before = null;
    this.element.replaceChildren();
    this.actions.preview(null);
    if (this.returnFocus instanceof HTMLElement && this.returnFocus.isConnected) {
      this.returnFocus.focus({ preventScroll: true });
    }
  }

  private changes(): Partial<EventFields> {
    return this.form && this.before ? changesBetween(this.before, this.form.read()) : {};
  }

  private async mayLeave(): Promise<boolean> {
    if (this.underWay) return false;
    if (!this.isOpen || Object.keys(this.changes()).length === 0) return true;
    return ask({
      title: "Discard your changes?",
      text: "This event has changes that are not saved.",
      confirm: "Discard",
      cancel: "Keep editing",
      danger: true,
    });
  }

  private head(event: CalendarEvent | null): HTMLElement {
    return h(
      "header",
      { class: "panel-head" },
      h("h2", {}, event ? "Edit event" : "New event"),
      h(
        "button",
        {
          class: "btn btn-quiet btn-icon",
          type: "button",
          "aria-label": "Close",
          onclick: () => void this.close(),
        },
        icon("close"),
      ),
    );
  }

  private body(event: CalendarEvent | null, isFull: boolean): HTMLElement {
    const form = h("form", { class: "panel-form", id: "event-form", novalidate: true });
    if (event && !isFull) form.append(details(this.state, event), this.personalNote(event));
    form.append(h("p", { class: "banner banner-error form-error", role: "alert", hidden: true }));
    form.append(...(this.form?.elements ?? []));
    form.addEventListener("submit", (submit) => {
      submit.preventDefault();
      void this.save(form);
    });
    return form;
  }

  private personalNote(event: CalendarEvent): HTMLElement {
    const organizer = event.organizer?.name || event.organizer?.email || "Somebody else";
    const why = event.locked ?? `${organizer} organizes this event and can change what it says.`;
    return h(
      "p",
      { class: "banner" },
      `${why} What is below is yours alone; changing it mails nobody.`,
    );
  }

  private foot(event: CalendarEvent | null): HTMLElement {
    const save = h(
      "button",
      { class: "btn btn-primary", type: "submit", form: "event-form" },
      "Save",
    );
    const cancel = h(
      "button",
      { class: "btn", type: "button", onclick: () => void this.close() },
      "Cancel",
    );
    const buttons = h("div", { class: "panel-buttons" }, save, cancel);
    if (event) buttons.append(h("span", { class: "grow" }), ...this.removal(event));
    return h("footer", { class: "panel-foot" }, this.line.element, buttons);
  }

  private removal(event: CalendarEvent): HTMLElement[] {
    const run =
      (act: (event: CalendarEvent) => Promise<boolean>) =>
      async ({ currentTarget: button }: MouseEvent) => {
        if (this.underWay) return;
        const unlock = this.lock(button as HTMLElement);
        if (await act(event).finally(unlock)) this.hide();
      };
    const { archive, remove } = this.actions;
    if (event.access !== "organizer") {
      return [
        h(
          "button",
          { class: "btn btn-danger", type: "button", onclick: run(remove) },
          "Remove from my calendar",
        ),
      ];
    }
    return [
      h("button", { class: "btn btn-quiet", type: "button", onclick: run(archive) }, "Archive"),
      h(
        "button",
        { class: "btn btn-quiet btn-danger", type: "button", onclick: run(remove) },
        "Delete",
      ),
    ];
  }

  private changed(): void {
    const { form, event } = this;
    if (!form) return;
    clearFieldErrors(this.element);
    if (form.fault()) return;
    const fields = form.read();
    this.actions.preview(event ? null : fields);
    if (!event) return this.line.ask("create", null, fields);
    const changes = this.changes();
    if (Object.keys(changes).length === 0) return this.line.clear();
    // The first scope that saving will offer.
    const dates = isOccurrence(event) ? datesOf(event, scopesOf(event, changes)[0]) : null;
    this.line.ask("edit", event.id, changes, dates);
  }

  private async save(form: HTMLFormElement): Promise<void> {
    if (this.underWay) return;
    clearErrors(form);
    const fault = this.form?.fault();
    if (fault) return showError(form, fault.field, fault.message);
    const unlock = this.lock(must(".panel-foot [type=submit]", this.element));
    try {
      if (await this.write().finally(unlock)) this.hide();
    } catch (error) {
      this.refused(form, error);
    }
  }

  /** Until the answer is there nothing can be sent twice, or be written into a form that closes. */
  private lock(button: HTMLElement): () => void {
    const form = must("form", this.element);
    const focused = document.activeElement;
    const set = (underWay: boolean) => {
      this.underWay = form.inert = underWay;
      button.setAttribute("aria-busy", String(underWay));
    };
    button.focus();
    set(true);
    return () => {
      set(false);
      if (focused instanceof HTMLElement && form.contains(focused)) focused.focus();
    };
  }

  /** Whether the form is done with. */
  private async write(): Promise<boolean> {
    if (!this.form) return true;
    if (!this.event) {
      await this.actions.create(this.form.read());
      return true;
    }
    const changes = this.changes();
    return Object.keys(changes).length === 0 || this.actions.change(this.event, changes);
  }

  private refused(form: HTMLFormElement, error: unknown): void {
    const field = error instanceof Problem ? error.field : null;
    if (error instanceof Problem && error.isConflict) {
      return showError(form, null, CONFLICT, this.saveOver(form));
    }
    showError(form, field, reasonOf(error), isSignedOut(error) ? signInLink() : null);
  }

  /** What is written here wins over what it was in conflict with; the rest stays as it is now. */
  private saveOver(form: HTMLFormElement): HTMLElement {
    const onclick = async () => {
      try {
        if (this.event) this.event = await getEvent(this.event.id, this.event.original_start);
        await this.save(form);
      } catch (error) {
        this.refused(form, error);
      }
    };
    return h("button", { class: "btn btn-small", type: "button", onclick }, "Save mine over it");
  }

  /** Saving may mail people: Enter does it from the subject only, elsewhere Ctrl+Enter. */
  private onEnter(press: KeyboardEvent): void {
    const { target } = press;
    if (press.ctrlKey || press.metaKey) {
      this.element.querySelector<HTMLFormElement>("form")?.requestSubmit();
    } else if (target instanceof HTMLInputElement && !target.closest('[data-field="subject"]')) {
      press.preventDefault();
    }
  }

  private onKey(press: KeyboardEvent): void {
    if (this.underWay) {
      press.preventDefault();
    } else if (press.key === "Escape") {
      press.preventDefault();
      void this.close();
    } else if (press.key === "Enter") {
      this.onEnter(press);
    } else if (press.key === "Tab" && PHONE.matches) {
      keepFocus(this.element, press);
    }
  }
}

function repetitionOf(event: CalendarEvent | null): Repetition {
  return {
    rrule: event?.rrule ?? null,
    text: event?.recurrence_text ?? null,
    originalStart: event?.original_start ?? null,
  };
}
