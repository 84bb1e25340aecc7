/** A button or form with data-confirm asks before it acts. */

import { ask } from "../kit/dialog";

export function enableConfirm(): void {
  document.addEventListener("submit", hold, true);
}

function hold(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  const { submitter } = event;
  const source = submitter?.dataset.confirm ? submitter : form.dataset.confirm ? form : null;
  if (!source || form.dataset.agreed) {
    delete form.dataset.agreed;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  void askAndSubmit(form, submitter, source);
}

async function askAndSubmit(
  form: HTMLFormElement,
  submitter: HTMLElement | null,
  source: HTMLElement,
): Promise<void> {
  const confirm = source.dataset.confirmLabel ?? submitter?.textContent?.trim() ?? "Continue";
  const yes = await ask({
    title: source.dataset.confirm ?? "",
    text: source.dataset.confirmText,
    confirm,
    danger: source.matches(".btn-danger") || submitter?.matches(".btn-danger"),
  });
  if (!yes) return;
  form.dataset.agreed = "yes";
  form.requestSubmit(submitter);
}
