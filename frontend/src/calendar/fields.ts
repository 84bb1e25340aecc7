/** The building blocks of the event form: a label, a control, its help and its error. */

import { freshId, h, replace } from "../kit/dom";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** `name` is the API's field name, by which an error finds its place. */
export function field(name: string, label: string, control: Control, help?: string): HTMLElement {
  control.id ||= freshId(name);
  const errorId = `${control.id}-error`;
  control.setAttribute("aria-describedby", errorId);
  return h(
    "div",
    { class: "field", "data-field": name },
    h("label", { for: control.id }, label),
    control,
    help ? h("p", { class: "help" }, help) : null,
    h("p", { class: "error", id: errorId, hidden: true }),
  );
}

export type Options = [value: string, label: string][];

export function select(options: Options, value: string): HTMLSelectElement {
  const isKnown = options.some(([name]) => name === value);
  const element = h("select");
  for (const [name, label] of isKnown ? options : [[value, value], ...options]) {
    element.append(h("option", { value: name }, label));
  }
  element.value = value;
  return element;
}

export function checkbox(
  label: string,
  checked: boolean,
  help?: string,
): [HTMLElement, HTMLInputElement] {
  const input = h("input", { type: "checkbox", id: freshId("check"), checked });
  const text = h("div", {}, h("label", { for: input.id }, label));
  if (help) text.append(h("p", { class: "help" }, help));
  return [h("div", { class: "field-check" }, input, text), input];
}

export function showError(
  form: HTMLElement,
  name: string | null,
  message: string,
  way: HTMLElement | null = null,
): void {
  const box = form.querySelector<HTMLElement>(`[data-field="${name ?? ""}"]`);
  const place = box?.querySelector<HTMLElement>(".error") ?? form.querySelector(".form-error");
  if (!(place instanceof HTMLElement)) return;
  replace(place, h("span", {}, message), way);
  place.hidden = false;
  const control =
    box?.querySelector<HTMLElement>("input:invalid") ??
    box?.querySelector<HTMLElement>("input, select, textarea");
  control?.setAttribute("aria-invalid", "true");
  (control ?? place).scrollIntoView({ block: "nearest" });
  control?.focus();
}

export function clearErrors(form: HTMLElement): void {
  for (const place of form.querySelectorAll<HTMLElement>(".form-error")) place.hidden = true;
  clearFieldErrors(form);
}

export function clearFieldErrors(form: HTMLElement): void {
  for (const place of form.querySelectorAll<HTMLElement>(".error")) place.hidden = true;
  for (const control of form.querySelectorAll("[aria-invalid]"))
    control.removeAttribute("aria-invalid");
}
