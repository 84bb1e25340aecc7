/** Start, end, all day and zone. The last day of an all-day event is shown as people say it. */

import { freshId, h } from "../kit/dom";
import { checkbox, field, type Options, select } from "./fields";
import { whenText } from "./format";
import type { EventFields } from "./types";
import {
  addDays,
  addMinutes,
  allZones,
  daysBetween,
  minutesBetween,
  sameClock,
  toInstant,
  zoneName,
} from "./zones";

type When = Pick<EventFields, "start" | "end" | "all_day" | "time_zone">;

const MORNING = "09:00";
const ALL_DAY_TO_TIMED_MINUTES = 30;

export class WhenField {
  readonly element: HTMLElement;
  private readonly allDay: HTMLInputElement;
  private readonly startDate = input("date");
  private readonly startTime = input("time");
  private readonly endDate = input("date");
  private readonly endTime = input("time");
  private readonly zone: HTMLSelectElement;
  private readonly note = h("p", { class: "help" });
  private before: When;

  constructor(
    when: When,
    private readonly readerZone: string,
  ) {
    const [allDayRow, allDay] = checkbox("All day", when.all_day);
    this.allDay = allDay;
    this.zone = select(zoneOptions(), when.time_zone);
    this.before = when;
    this.element = h(
      "div",
      { class: "when" },
      this.edge("start", "Start", this.startDate, this.startTime),
      this.edge("end", "End", this.endDate, this.endTime),
      allDayRow,
      field("time_zone", "Time zone", this.zone),
      this.note,
    );
    this.write(when);
    this.listen();
  }

  read(): When {
    const time_zone = this.zone.value;
    if (this.allDay.checked) {
      const end = this.endDate.value && addDays(this.endDate.value, 1);
      return { start: this.startDate.value, end, all_day: true, time_zone };
    }
    const start = `${this.startDate.value}T${this.startTime.value}`;
    return { start, end: `${this.endDate.value}T${this.endTime.value}`, all_day: false, time_zone };
  }

  /** What is wrong with it, as field and sentence, or null. */
  fault(): { field: string; message: string } | null {
    const { start, end } = this.read();
    const [from, to] = [parts(start), parts(end)];
    if (from.some((part) => !part)) return { field: "start", message: "Say when it starts." };
    if (to.some((part) => !part)) return { field: "end", message: "Say when it ends." };
    if (end < start || (this.allDay.checked && end <= start)) {
      return { field: "end", message: "The end is before the start." };
    }
    return null;
  }

  private edge(
    name: string,
    label: string,
    date: HTMLInputElement,
    time: HTMLInputElement,
  ): HTMLElement {
    date.id = freshId(name);
    time.id = freshId(`${name}-time`);
    return h(
      "div",
      { class: "field when-edge", "data-field": name },
      h("label", { for: date.id }, label),
      h("label", { for: time.id, class: "sr-only" }, `${label} time`),
      h("div", { class: "when-inputs" }, date, time),
      h("p", { class: "error", hidden: true }),
    );
  }

  private write(when: When): void {
    const { all_day: allDay } = when;
    this.startDate.value = when.start.slice(0, 10);
    this.endDate.value = allDay ? addDays(when.end, -1) : when.end.slice(0, 10);
    if (!allDay) {
      this.startTime.value = when.start.slice(11, 16);
      this.endTime.value = when.end.slice(11, 16);
    }
    this.show();
  }

  private listen(): void {
    for (const control of [this.startDate, this.startTime]) {
      for (const name of ["input", "change"]) {
        control.addEventListener(name, () => this.keepDuration());
      }
    }
    this.allDay.addEventListener("change", () => this.switchAllDay());
    this.element.addEventListener("change", () => this.show());
    this.element.addEventListener("input", () => this.show());
  }

  /** A later start takes the end along. */
  private keepDuration(): void {
    const now = this.read();
    if (parts(now.start).some((part) => !part)) return;
    if (now.all_day) {
      const days = daysBetween(this.before.start.slice(0, 10), this.before.end.slice(0, 10));
      this.endDate.value = addDays(now.start, Math.max(days, 1) - 1);
    } else if (!this.before.all_day) {
      const end = addMinutes(
        now.start,
        Math.max(minutesBetween(this.before.start, this.before.end), 0),
      );
      this.endDate.value = end.slice(0, 10);
      this.endTime.value = end.slice(11, 16);
    }
  }

  private switchAllDay(): void {
    if (this.allDay.checked) return;
    this.startTime.value ||= MORNING;
    const end = addMinutes(
      `${this.startDate.value}T${this.startTime.value}`,
      ALL_DAY_TO_TIMED_MINUTES,
    );
    if (!this.endTime.value) this.endTime.value = end.slice(11, 16);
  }

  private show(): void {
    const allDay = this.allDay.checked;
    for (const control of [this.startTime, this.endTime]) control.hidden = allDay;
    const zoneField = this.zone.closest<HTMLElement>(".field");
    if (zoneField) zoneField.hidden = allDay;
    const when = this.read();
    const whole = !this.fault();
    this.note.textContent = whole ? this.yourTime(when) : "";
    this.note.hidden = !this.note.textContent;
    if (whole) this.before = when;
  }

  private yourTime(when: When): string {
    if (
      when.all_day ||
      sameClock(when.time_zone, this.readerZone, toInstant(when.start, when.time_zone))
    ) {
      return "";
    }
    return `For you in ${zoneName(this.readerZone)}: ${whenText(when, this.readerZone)}`;
  }
}

function input(type: "date" | "time"): HTMLInputElement {
  return h("input", { type });
}

function parts(wall: string): string[] {
  return wall.split("T");
}

function zoneOptions(): Options {
  return allZones().map((zone) => [zone, zoneName(zone)]);
}
