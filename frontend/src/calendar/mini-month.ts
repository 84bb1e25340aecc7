/** The small month at the left: one tab stop, arrows move by day and week. */

import { h, icon, must, replace } from "../kit/dom";
import { dayText, monthText } from "./format";
import { addDays, addMonths, firstDayOfWeek, today } from "./zones";

const WEEKS = 6;

export class MiniMonth {
  private readonly root = must("#mini-month");
  private shown: string;
  private range = { start: "", end: "" };

  constructor(
    private readonly zone: string,
    private readonly onPick: (date: string) => void,
  ) {
    this.shown = today(zone);
    this.root.addEventListener("keydown", (press) => this.onKey(press));
  }

  /** The grid moved: show its month and mark its days. */
  follow(current: string, start: string, end: string): void {
    this.shown = current;
    this.range = { start, end };
    this.render();
  }

  private render(): void {
    replace(
      this.root,
      this.head(),
      h("div", { class: "mini-days", role: "group" }, ...this.weekdays(), ...this.days()),
    );
  }

  private head(): HTMLElement {
    const step = (months: number, label: string, name: string) =>
      h(
        "button",
        {
          class: "btn btn-quiet btn-icon btn-small",
          type: "button",
          "aria-label": label,
          onclick: () => this.step(months),
        },
        icon(name),
      );
    return h(
      "div",
      { class: "mini-head" },
      h("span", { class: "mini-title", "aria-live": "polite" }, monthText(this.shown)),
      step(-1, "Previous month", "left"),
      step(1, "Next month", "right"),
    );
  }

  private step(months: number): void {
    this.shown = addMonths(this.shown, months);
    this.render();
    this.root.querySelectorAll<HTMLElement>(".mini-head button")[months < 0 ? 0 : 1]?.focus();
  }

  private firstShown(): string {
    const first = `${this.shown.slice(0, 8)}01`;
    const weekday = new Date(`${first}T00:00:00Z`).getUTCDay();
    return addDays(first, -((weekday - firstDayOfWeek() + 7) % 7));
  }

  private weekdays(): HTMLElement[] {
    const format = new Intl.DateTimeFormat(undefined, { weekday: "narrow", timeZone: "UTC" });
    const first = this.firstShown();
    return Array.from({ length: 7 }, (_, index) =>
      h(
        "span",
        { class: "mini-weekday", "aria-hidden": "true" },
        format.format(new Date(`${addDays(first, index)}T00:00:00Z`)),
      ),
    );
  }

  private days(): HTMLElement[] {
    const first = this.firstShown();
    return Array.from({ length: WEEKS * 7 }, (_, index) => this.day(addDays(first, index)));
  }

  private day(date: string): HTMLElement {
    const classes = ["mini-day"];
    if (date.slice(0, 7) !== this.shown.slice(0, 7)) classes.push("is-other");
    if (date >= this.range.start && date < this.range.end) classes.push("is-shown");
    const isToday = date === today(this.zone);
    return h(
      "button",
      {
        class: classes.join(" "),
        type: "button",
        "data-date": date,
        "aria-label": dayText(date),
        "aria-current": isToday ? "date" : null,
        tabindex: date === this.shown ? "0" : "-1",
        onclick: () => this.onPick(date),
      },
      String(Number(date.slice(8))),
    );
  }

  private onKey(press: KeyboardEvent): void {
    const from = (press.target as HTMLElement).dataset.date;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[press.key];
    if (!from || !by) return;
    press.preventDefault();
    press.stopPropagation();
    this.shown = addDays(from, by);
    this.render();
    this.root.querySelector<HTMLElement>(`[data-date="${this.shown}"]`)?.focus();
  }
}
