/** The dialog that `?` opens. */

import { h } from "../kit/dom";
import { KEY_HELP } from "./keys";

export function showKeyHelp(): void {
  const rows = KEY_HELP.map(([keys, what]) =>
    h(
      "div",
      { class: "key-row" },
      h("dt", {}, ...keys.map((key) => h("kbd", {}, key))),
      h("dd", {}, what),
    ),
  );
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-label": "Keys" },
    h("h2", {}, "Keys"),
    h("dl", { class: "key-list" }, ...rows),
    h("form", { method: "dialog", class: "form-actions" }, h("button", { class: "btn" }, "Close")),
  );
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}
