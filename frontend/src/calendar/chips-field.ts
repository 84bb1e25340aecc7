/** A text field whose entries become chips: Enter or comma adds, Backspace takes the last away. */

import { freshId, h, icon } from "../kit/dom";
import { hueOfName } from "./hues";

export class CategoriesField {
  readonly element: HTMLElement;
  private readonly names: string[];
  private readonly chips = h("span", { class: "chips" });
  private readonly input: HTMLInputElement;

  constructor(names: string[], known: string[]) {
    this.names = [...names];
    const list = h(
      "datalist",
      { id: freshId("known") },
      ...known.map((name) => h("option", { value: name })),
    );
    this.input = h("input", {
      id: freshId("categories"),
      list: list.id,
      autocomplete: "off",
      maxlength: 255,
    });
    this.element = h(
      "div",
      { class: "field", "data-field": "categories" },
      h("label", { for: this.input.id }, "Categories"),
      h("div", { class: "chips-box control" }, this.chips, this.input),
      list,
      h("p", { class: "error", hidden: true }),
    );
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("change", () => this.take());
    this.render();
  }

  read(): string[] {
    const pending = this.input.value.trim();
    return pending && !this.has(pending) ? [...this.names, pending] : [...this.names];
  }

  private has(name: string): boolean {
    return this.names.some((other) => other.toLowerCase() === name.toLowerCase());
  }

  private onKey(event: KeyboardEvent): void {
    if ((event.key === "Enter" || event.key === ",") && this.input.value.trim()) {
      event.preventDefault();
      this.take();
    } else if (event.key === "Backspace" && !this.input.value && this.names.length) {
      this.remove(this.names.at(-1) ?? "");
    }
  }

  private take(): void {
    const name = this.input.value.trim();
    this.input.value = "";
    if (!name || this.has(name)) return;
    this.names.push(name);
    this.changed();
  }

  private remove(name: string): void {
    this.names.splice(this.names.indexOf(name), 1);
    this.changed();
    this.input.focus();
  }

  private changed(): void {
    this.render();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private render(): void {
    this.chips.replaceChildren(...this.names.map((name) => this.chip(name)));
  }

  private chip(name: string): HTMLElement {
    const onclick = () => this.remove(name);
    const button = h(
      "button",
      { type: "button", "aria-label": `Remove ${name}`, onclick },
      icon("close"),
    );
    return h("span", { class: `chip hue-${hueOfName(name)}` }, name, button);
  }
}
