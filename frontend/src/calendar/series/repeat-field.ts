/** Whether and how the event repeats: one choice for the usual, fields for the rest. */

import type { Temporal } from "temporal-polyfill";
import { h, replace } from "../../kit/dom";
import { field, type Options } from "../fields";
import { dayText } from "../format";
import { CustomRepeat } from "./custom-repeat";
import { EndsField } from "./ends-field";
import { isPreset, type Preset, presets, shortMonthNote } from "./presets";
import { dateOf, parseRule, type Rule, ruleText, type When } from "./rule";
import { firstDate, follow } from "./rule-dates";

export interface Repetition {
  rrule: string | null;
  /** The rule in words, for one that the fields cannot show. */
  text: string | null;
  /** The original start of the date in the form, when the event is one date of a series. */
  originalStart: string | null;
}

/** A rule as it was chosen, and for which date: it follows the date from there. */
interface Chosen {
  rule: Rule;
  date: Temporal.PlainDate;
}

export class RepeatField {
  readonly element: HTMLElement;
  private readonly choice = h("select");
  private readonly note = h("p", { class: "help" });
  private readonly custom: CustomRepeat;
  private readonly ends: EndsField;
  private readonly before: Chosen | null;
  private chosen: Chosen;
  private date: Temporal.PlainDate;

  constructor(
    private readonly event: Repetition,
    private when: When,
  ) {
    this.date = dateOf(event.originalStart ?? when.start);
    const rule = event.rrule ? parseRule(event.rrule, this.slot()) : null;
    this.before = rule && { rule, date: this.date };
    this.chosen = this.before ?? { rule: weekly(this.date), date: this.date };
    this.custom = new CustomRepeat(this.chosen.rule, this.date);
    this.ends = new EndsField(this.chosen.rule);
    this.offer(this.firstChoice());
    this.element = this.layOut();
    this.show();
  }

  /** The event moves: the words follow, and the rule with them. */
  follow(when: When): void {
    const days = dateOf(this.when.start).until(dateOf(when.start)).days;
    this.when = when;
    if (days) {
      this.date = this.date.add({ days });
      this.custom.show(this.rule(), this.date);
      this.offer(this.isPreset() ? this.nameOf(this.rule()) : this.choice.value);
    }
    this.show();
  }

  /** The rule that the person chose; one that only follows the date stays the text it was. */
  read(): string | null {
    const { rrule } = this.event;
    if (this.choice.value === "kept") return rrule;
    if (!this.repeats()) return null;
    const chosen = this.text({ ...this.rule(), ...this.ends.read() });
    return this.before && chosen === this.text(this.followed(this.before)) ? rrule : chosen;
  }

  fault(): { field: string; message: string } | null {
    if (!this.repeats()) return null;
    const every = this.choice.value === "custom" ? this.custom.fault() : null;
    if (every) return { field: "rrule", message: every };
    const ends = this.ends.fault(this.date);
    return ends ? { field: "rrule_ends", message: ends } : null;
  }

  private layOut(): HTMLElement {
    const main = field("rrule", "Repeat", this.choice);
    this.choice.after(this.custom.element, this.note);
    this.choice.addEventListener("change", () => this.choose());
    this.custom.element.addEventListener("change", () => {
      this.chosen = { rule: this.custom.read(), date: this.date };
      this.show();
    });
    this.ends.element.addEventListener("change", () => this.show());
    return h("div", { class: "repeat" }, main, this.ends.element);
  }

  private choose(): void {
    const preset = this.presets().find(({ name }) => name === this.choice.value);
    this.chosen = { rule: preset?.rule ?? this.rule(), date: this.date };
    this.custom.show(this.chosen.rule, this.date);
    this.show();
  }

  private firstChoice(): string {
    if (!this.event.rrule) return "never";
    return this.before ? this.nameOf(this.before.rule) : "kept";
  }

  private nameOf(rule: Rule): string {
    return this.presets().find((preset) => isPreset(rule, preset))?.name ?? "custom";
  }

  private presets(): Preset[] {
    const { day } = this.rule();
    const isShort = day && day > this.date.day && this.date.day === this.date.daysInMonth;
    return presets(this.date, isShort ? day : this.date.day);
  }

  private isPreset(): boolean {
    return this.repeats() && this.choice.value !== "custom";
  }

  private repeats(): boolean {
    return !["never", "kept"].includes(this.choice.value);
  }

  private rule(): Rule {
    return this.followed(this.chosen);
  }

  /** Days that were chosen for a new series stay; those of a series move with its dates. */
  private followed({ rule, date }: Chosen): Rule {
    const stays = !this.event.originalStart && rule.days.length > 1;
    return stays ? rule : follow(rule, date, this.date);
  }

  private text(rule: Rule): string {
    return ruleText(rule, this.slot());
  }

  /** When the slot is that the event stands for; its date may have been moved to another day. */
  private slot(): When {
    const time = this.when.start.slice(10);
    return { ...this.when, start: this.date.toString() + time };
  }

  private offer(value: string): void {
    const kept: Options = this.firstChoice() === "kept" ? [["kept", this.event.text ?? ""]] : [];
    const options: Options = [
      ...kept,
      ["never", "Does not repeat"],
      ...this.presets().map(({ name, label }): [string, string] => [name, label]),
      ["custom", "Custom…"],
    ];
    replace(this.choice, ...options.map(([name, label]) => h("option", { value: name }, label)));
    this.choice.value = value;
  }

  private show(): void {
    const repeats = this.repeats();
    this.custom.element.hidden = this.choice.value !== "custom";
    this.ends.element.hidden = !repeats;
    this.ends.follow(this.rule().unit, this.date);
    this.note.textContent = repeats ? this.notes() : "";
    this.note.hidden = !this.note.textContent;
  }

  private notes(): string {
    const first = firstDate(this.rule(), this.date);
    const isOff = !this.event.originalStart && !first.equals(this.date);
    const start = isOff ? `The first date is ${dayText(first.toString())}.` : "";
    return [start, shortMonthNote(this.rule())].filter(Boolean).join(" ");
  }
}

function weekly(date: Temporal.PlainDate): Rule {
  return (presets(date).find(({ name }) => name === "weekly") as Preset).rule;
}
