/** A short message at the bottom of the window, read out to people who cannot see it. */

import { h, icon } from "./dom";

interface ToastOptions {
  error?: boolean;
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 5_000;
const ERROR_SHOWN_MS = 12_000;

function container(): HTMLElement {
  const existing = document.querySelector<HTMLElement>(".toasts");
  if (existing) return existing;
  const made = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
  document.body.append(made);
  return made;
}

export function toast(message: string, options: ToastOptions = {}): void {
  const close = () => box.remove();
  const { action } = options;
  const box = h(
    "div",
    { class: options.error ? "toast toast-error" : "toast", role: options.error ? "alert" : null },
    h("span", {}, message),
    action &&
      h(
        "button",
        {
          class: "btn btn-small",
          type: "button",
          onclick: () => {
            close();
            action.run();
          },
        },
        action.label,
      ),
    h(
      "button",
      {
        class: "btn btn-quiet btn-icon btn-small",
        type: "button",
        "aria-label": "Dismiss",
        onclick: close,
      },
      icon("close"),
    ),
  );
  container().append(box);
  setTimeout(close, options.error ? ERROR_SHOWN_MS : SHOWN_MS);
}
