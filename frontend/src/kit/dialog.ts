/** Questions that must be answered before something happens. */

import { h } from "./dom";

interface Question {
  title: string;
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
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-label": question.title },
    h("h2", {}, question.title),
    question.text ? h("p", { class: "muted" }, question.text) : null,
    h(
      "form",
      { method: "dialog", class: "form-actions" },
      h("button", { class: "btn", value: "no" }, question.cancel ?? "Cancel"),
      agree,
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  agree.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
