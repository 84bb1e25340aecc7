/** Questions that must be answered before something happens. */

import { h, icon } from "./dom";

interface Question {
  title: string;
  /** Whom the act mails, as a sentence. */
  mails?: string;
  text?: string;
  confirm: string;
  cancel?: string;
  danger?: boolean;
}

/** Resolves to true when the person agrees. The native dialog traps focus and gives it back. */
export function ask(question: Question): Promise<boolean> {
  const agree = h(
    "button",
    { class: question.danger ? "btn btn-primary btn-danger" : "btn btn-primary", value: "yes" },
    question.confirm,
  );
  const cancel = h("button", { class: "btn", value: "no" }, question.cancel ?? "Cancel");
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-label": question.title },
    h("h2", {}, question.title),
    question.mails
      ? h("p", { class: "mail-note" }, icon("mail"), h("span", {}, question.mails))
      : null,
    question.text ? h("p", { class: "muted" }, question.text) : null,
    h("form", { method: "dialog", class: "form-actions" }, cancel, agree),
  );
  document.body.append(dialog);
  dialog.showModal();
  // What cannot be taken back is not one Enter away.
  if (question.cancel) cancel.focus();
  else agree.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
