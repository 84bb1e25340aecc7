/** Asks which dates of a series an act is for. */

import { freshId, h, icon, replace } from "../../kit/dom";
import type { Scope } from "./scope";

const LABELS: Record<Scope, string> = {
  this: "This event",
  following: "This and following events",
  all: "All events",
};

/** What an act does, in sentences. */
export interface Consequence {
  mails: string;
  text: string;
}

interface Question {
  title: string;
  text?: string;
  scopes: Scope[];
  confirm: string;
  danger?: boolean;
  foresee?: (scope: Scope) => Promise<Consequence>;
}

/** Resolves to null when the person cancels. */
export function askScope(question: Question): Promise<Scope | null> {
  const dialog = h(
    "dialog",
    { class: "dialog scope-dialog", "aria-label": question.title },
    h("h2", {}, question.title),
    question.text ? h("p", {}, question.text) : null,
  );
  const form = h("form", { method: "dialog" }, choices(question.scopes));
  const chosen = () => new FormData(form).get("scope") as Scope;
  if (question.foresee) form.append(foreseen(form, chosen, question.foresee));
  form.append(buttons(question, () => dialog.close()));
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue ? chosen() : null);
    });
  });
}

/** What the chosen scope brings with it, asked anew for each choice. */
function foreseen(
  form: HTMLFormElement,
  chosen: () => Scope,
  foresee: (scope: Scope) => Promise<Consequence>,
): HTMLElement {
  const note = h("div", { class: "scope-note", "aria-live": "polite" });
  const ask = async () => {
    const scope = chosen();
    note.classList.add("is-stale");
    const found = await foresee(scope);
    if (scope === chosen()) show(note, found);
  };
  form.addEventListener("change", () => void ask());
  void ask();
  return note;
}

function choices(scopes: Scope[]): HTMLElement {
  const rows = scopes.map((scope, place) => {
    const props = { type: "radio", name: "scope", value: scope, id: freshId("scope") };
    const input = h("input", { ...props, checked: place === 0, autofocus: place === 0 });
    return h("div", { class: "field-check" }, input, h("label", { for: input.id }, LABELS[scope]));
  });
  return h("div", { class: "scopes", role: "radiogroup", "aria-label": "For" }, ...rows);
}

function buttons(question: Question, cancel: () => void): HTMLElement {
  const look = question.danger ? "btn btn-primary btn-danger" : "btn btn-primary";
  return h(
    "div",
    { class: "form-actions" },
    // No submit button: Enter on a choice agrees.
    h("button", { class: "btn", type: "button", onclick: cancel }, "Cancel"),
    h("button", { class: look, value: "yes" }, question.confirm),
  );
}

function show(note: HTMLElement, { mails, text }: Consequence): void {
  note.classList.remove("is-stale");
  replace(
    note,
    mails && h("p", { class: "mail-note" }, icon("mail"), h("span", {}, mails)),
    text && h("p", { class: "muted" }, text),
  );
}
