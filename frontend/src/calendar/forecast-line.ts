/** Says who will be mailed, before it happens. Asks a moment after the last change. */

import { h, icon, replace } from "../kit/dom";
import { type Dates, forecast } from "./api";
import type { Act, EventFields, Forecast } from "./types";

const PAUSE_MS = 350;
const KINDS = {
  invitation: "an invitation",
  update: "an update",
  cancellation: "a cancellation",
  response: "your answer",
};

export class ForecastLine {
  readonly element = h("div", { class: "forecast", role: "status", "aria-live": "polite" });
  private timer = 0;
  private pending: AbortController | null = null;

  /** Asks soon; a later call replaces this one. */
  ask(
    act: Act,
    id: string | null,
    changes: Partial<EventFields>,
    dates: Dates | null = null,
  ): void {
    clearTimeout(this.timer);
    this.pending?.abort();
    const pending = new AbortController();
    this.pending = pending;
    this.element.classList.add("is-stale");
    const send = () => forecast(act, id, changes, dates, pending.signal);
    this.timer = window.setTimeout(() => void this.run(send), PAUSE_MS);
  }

  /** Nothing has changed, so nobody is mailed. */
  clear(): void {
    clearTimeout(this.timer);
    this.pending?.abort();
    this.show({ mails: [], sentence: "" });
  }

  private async run(send: () => Promise<Forecast>): Promise<void> {
    try {
      this.show(await send());
    } catch (error) {
      if (error instanceof DOMException) return;
      // A half-filled form has no forecast; saving it names the fault.
      this.show({ mails: [], sentence: "" });
    }
  }

  private show({ mails, sentence }: Forecast): void {
    this.element.classList.remove("is-stale");
    if (!sentence) return replace(this.element);
    replace(this.element, mailNote(sentence, mails));
  }
}

export function mailNote(sentence: string, mails: Forecast["mails"]): HTMLElement {
  // A series mails for each of its dates that differs.
  const texts = new Set(
    mails.map((mail) => `${mail.to}: ${mail.certain ? "" : "perhaps "}${KINDS[mail.kind]}`),
  );
  const rows = [...texts].map((text) => h("li", {}, text));
  const text = h("span", {}, sentence);
  if (rows.length < 4) return h("p", { class: "mail-note" }, icon("mail"), text);
  const more = h(
    "details",
    { class: "more" },
    h("summary", {}, "Who gets what"),
    h("ul", {}, ...rows),
  );
  return h("div", { class: "mail-note" }, icon("mail"), h("div", {}, text, more));
}
