/** A small question beside the event, for acts that mail people. */

import { h, icon } from "../kit/dom";
import { type Box, placeNear } from "./place-near";

interface Question {
  title: string;
  text: string;
  confirm: string;
}

export function askNear(anchor: Box, question: Question): Promise<boolean> {
  const agree = h("button", { class: "btn btn-primary btn-small", value: "yes" }, question.confirm);
  const dialog = h(
    "dialog",
    { class: "pop ask-near", "aria-label": question.title },
    h("p", { class: "ask-title" }, question.title),
    h("p", { class: "mail-note" }, icon("mail"), h("span", {}, question.text)),
    h(
      "form",
      { method: "dialog", class: "row" },
      agree,
      h("button", { class: "btn btn-small", value: "no" }, "Put it back"),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  placeNear(dialog, anchor);
  agree.focus();
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog && isOutside(event, dialog)) dialog.close("no");
  });
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

function isOutside(event: PointerEvent, element: HTMLElement): boolean {
  const box = element.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}
