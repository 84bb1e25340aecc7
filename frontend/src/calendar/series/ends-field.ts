/** When a series ends: never, on a date, or after some times. */

import type { Temporal } from "temporal-polyfill";
import { h } from "../../kit/dom";
import { field, select } from "../fields";
import type { Rule, Unit } from "./rule";

type Ends = Pick<Rule, "until" | "count">;

const COUNT = 10;
const MOST = 999;
/** What "on a date" begins with, by how often the event comes. */
const AHEAD: Record<Unit, Temporal.DurationLike> = {
  DAILY: { months: 1 },
  WEEKLY: { months: 3 },
  MONTHLY: { years: 1 },
  YEARLY: { years: 5 },
};

export class EndsField {
  readonly element: HTMLElement;
  private readonly kind: HTMLSelectElement;
  private readonly date = h("input", { type: "date", "aria-label": "Last date" });
  private readonly times = h("input", {
    type: "number",
    min: 1,
    max: MOST,
    inputmode: "numeric",
    "aria-label": "How many times",
  });
  private readonly timesRow = h("div", { class: "ends-times" }, this.times, h("span", {}, "times"));

  constructor({ until, count }: Ends) {
    const kinds: [string, string][] = [
      ["never", "Never"],
      ["date", "On a date"],
      ["times", "After"],
    ];
    this.kind = select(kinds, until ? "date" : count ? "times" : "never");
    this.date.value = until ?? "";
    this.times.value = String(count ?? COUNT);
    this.element = field("rrule_ends", "Ends", this.kind);
    const row = h("div", { class: "ends" });
    this.kind.replaceWith(row);
    row.append(this.kind, this.date, this.timesRow);
  }

  /** Shows what belongs to the chosen kind. */
  follow(unit: Unit, start: Temporal.PlainDate): void {
    this.date.hidden = this.kind.value !== "date";
    this.timesRow.hidden = this.kind.value !== "times";
    this.date.min = start.toString();
    if (!this.date.hidden && !this.date.value) this.date.value = start.add(AHEAD[unit]).toString();
  }

  read(): Ends {
    const kind = this.kind.value;
    return {
      until: kind === "date" ? this.date.value : null,
      count: kind === "times" ? Number(this.times.value) : null,
    };
  }

  fault(start: Temporal.PlainDate): string | null {
    const { until, count } = this.read();
    if (until === "") return "Say when it ends.";
    if (until && until < start.toString()) return "The last date is before the first.";
    if (count === null || isCount(count, MOST)) return null;
    return `Say how many times, up to ${MOST}.`;
  }
}

export function isCount(number: number, most: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= most;
}
