/** A text field with suggestions below it (the ARIA combobox pattern). */

import { freshId, h } from "../kit/dom";

export interface Suggestion {
  label: string;
  note: string;
  value: unknown;
}

interface Source {
  find: (text: string, signal: AbortSignal) => Promise<Suggestion[]>;
  pick: (suggestion: Suggestion) => void;
}

const PAUSE_MS = 120;

export class Suggestions {
  readonly list = h("ul", { class: "suggestions", role: "listbox", hidden: true });
  private items: Suggestion[] = [];
  private active = -1;
  private timer = 0;
  private pending: AbortController | null = null;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly source: Source,
  ) {
    this.list.id = freshId("suggestions");
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.ask());
    input.addEventListener("keydown", (event) => this.onKey(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  private ask(): void {
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (!text) return this.close();
    this.timer = window.setTimeout(() => void this.find(text), PAUSE_MS);
  }

  private async find(text: string): Promise<void> {
    this.pending?.abort();
    this.pending = new AbortController();
    try {
      const items = await this.source.find(text, this.pending.signal);
      if (this.input.value.trim() === text) this.show(items);
    } catch (error) {
      if (!(error instanceof DOMException)) this.show([]);
    }
  }

  private show(items: Suggestion[]): void {
    this.items = items;
    this.list.replaceChildren(...items.map((item, index) => this.option(item, index)));
    this.list.hidden = items.length === 0;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.activate(items.length ? 0 : -1);
  }

  private option(item: Suggestion, index: number): HTMLElement {
    return h(
      "li",
      {
        role: "option",
        id: `${this.list.id}-${index}`,
        // Before blur, so that the field keeps the focus.
        onpointerdown: (event: Event) => {
          event.preventDefault();
          this.pick(index);
        },
      },
      h("span", { class: "truncate" }, item.label),
      h("span", { class: "truncate muted small" }, item.note),
    );
  }

  private activate(index: number): void {
    this.active = index;
    for (const [place, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(place === index));
      if (place === index) option.scrollIntoView({ block: "nearest" });
    }
    if (index < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.step(event);
    } else if (["Enter", ",", ";"].includes(event.key)) {
      this.confirm(event);
    }
  }

  private step(event: KeyboardEvent): void {
    if (this.items.length === 0) return;
    event.preventDefault();
    const by = event.key === "ArrowDown" ? 1 : -1;
    this.activate((this.active + by + this.items.length) % this.items.length);
  }

  private confirm(event: KeyboardEvent): void {
    if (!this.input.value.trim()) return;
    event.preventDefault();
    if (this.active >= 0) this.pick(this.active);
    else void this.findAndPick();
  }

  /** Enter came faster than the suggestions. */
  private async findAndPick(): Promise<void> {
    clearTimeout(this.timer);
    await this.find(this.input.value.trim());
    if (this.active >= 0) this.pick(this.active);
  }

  private pick(index: number): void {
    const item = this.items[index];
    if (!item) return;
    this.close();
    this.source.pick(item);
  }

  private close(): void {
    clearTimeout(this.timer);
    this.show([]);
  }
}
