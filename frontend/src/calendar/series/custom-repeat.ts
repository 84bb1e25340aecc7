/** A repetition put together by hand: how often, on which days, by day or by position. */

import type { Temporal } from "temporal-polyfill";
import { h, replace } from "../../kit/dom";
import { type Options, select } from "../fields";
import { firstDayOfWeek } from "../zones";
import { isCount } from "./ends-field";
import { dayName, dayText, monthly, monthName, positionText, weekFrom } from "./presets";
import { inWeekOrder, type Rule, type Unit, type Weekday, weekdayOf } from "./rule";

const MOST = 99;
const UNITS: Record<Unit, [one: string, many: string]> = {
  DAILY: ["day", "days"],
  WEEKLY: ["week", "weeks"],
  MONTHLY: ["month", "months"],
  YEARLY: ["year", "years"],
};

export class CustomRepeat {
  readonly element = h("div", { class: "repeat-custom", role: "group", "aria-label": "Custom" });
  private readonly interval = h("input", {
    type: "number",
    min: 1,
    max: MOST,
    inputmode: "numeric",
    "aria-label": "Every how many",
  });
  private unit = select([], "DAILY");

  constructor(
    private rule: Rule,
    private start: Temporal.PlainDate,
  ) {
    this.element.addEventListener("input", () => this.take());
    this.show(rule, start);
  }

  read(): Rule {
    return this.rule;
  }

  show(rule: Rule, start: Temporal.PlainDate): void {
    this.rule = rule;
    this.start = start;
    this.interval.value = String(rule.interval);
    this.unit = this.unitSelect();
    replace(
      this.element,
      h("div", { class: "repeat-every" }, h("span", {}, "Every"), this.interval, this.unit),
      this.pattern(),
    );
  }

  fault(): string | null {
    return isCount(Number(this.interval.value), MOST) ? null : `Say a number up to ${MOST}.`;
  }

  private take(): void {
    const interval = Number(this.interval.value);
    if (!isCount(interval, MOST)) return;
    this.rule = { ...this.rule, interval };
    for (const option of this.unit.options) option.text = unitText(option.value as Unit, interval);
  }

  private unitSelect(): HTMLSelectElement {
    const units = Object.keys(UNITS) as Unit[];
    const options = units.map((unit): [string, string] => [
      unit,
      unitText(unit, this.rule.interval),
    ]);
    const element = select(options, this.rule.unit);
    element.setAttribute("aria-label", "Unit");
    element.addEventListener("change", () => this.change(this.fresh(element.value as Unit)));
    return element;
  }

  /** A unit begins with what the start suggests. */
  private fresh(unit: Unit): Partial<Rule> {
    const nothing = { days: [], position: null, day: null, month: null };
    if (unit === "WEEKLY") return { ...nothing, unit, days: [weekdayOf(this.start)] };
    if (unit === "MONTHLY") return { ...nothing, unit, day: this.start.day };
    if (unit === "YEARLY") {
      return { ...nothing, unit, day: this.start.day, month: this.start.month };
    }
    return { ...nothing, unit };
  }

  private change(by: Partial<Rule>): void {
    const focused = document.activeElement?.getAttribute("aria-label");
    this.show({ ...this.rule, ...by }, this.start);
    this.element.querySelector<HTMLElement>(`[aria-label="${focused}"]`)?.focus();
  }

  private pattern(): HTMLElement | null {
    if (this.rule.unit === "DAILY") return null;
    return this.rule.unit === "WEEKLY" ? this.weekdays() : this.monthDay();
  }

  private weekdays(): HTMLElement {
    const buttons = weekFrom(firstDayOfWeek()).map((day) =>
      h(
        "button",
        {
          class: "repeat-day",
          type: "button",
          "aria-label": dayName(day),
          "aria-pressed": String(this.rule.days.includes(day)),
          onclick: () => this.toggle(day),
        },
        dayName(day, "narrow"),
      ),
    );
    return h("div", { class: "repeat-days", role: "group", "aria-label": "On" }, ...buttons);
  }

  /** One day at least stays chosen. */
  private toggle(day: Weekday): void {
    const { days } = this.rule;
    const others = days.filter((one) => one !== day);
    const next = days.includes(day) ? others : inWeekOrder([...days, day]);
    if (next.length === 0) return;
    this.change({ days: next });
    this.element.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private monthDay(): HTMLElement {
    const { rule } = this;
    const suffix = rule.month === null ? "" : ` of ${monthName(rule.month)}`;
    const choices = monthly(this.start);
    const now = choices.find(([, , by]) => by.day === rule.day && by.position === rule.position);
    const options: Options = choices.map(([name, text]) => [name, text + suffix]);
    // The series may count by a day that this date is not on, such as the 31st.
    if (!now) options.unshift(["now", this.ownText() + suffix]);
    const element = select(options, now?.[0] ?? "now");
    element.setAttribute("aria-label", "On which day");
    element.addEventListener("change", () => {
      const chosen = choices.find(([name]) => name === element.value);
      if (chosen) this.change(chosen[2]);
    });
    return element;
  }

  private ownText(): string {
    const { position, days, day } = this.rule;
    return position === null ? dayText(day ?? 1) : positionText(position, days[0] as Weekday);
  }
}

function unitText(unit: Unit, count: number): string {
  return UNITS[unit][count === 1 ? 0 : 1];
}
