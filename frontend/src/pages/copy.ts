/** Buttons that copy a field or a text and say so. */

import { toast } from "../kit/toast";

function textOf(button: HTMLElement): string {
  const { copy, copyText } = button.dataset;
  if (!copy) return copyText ?? "";
  const source = document.querySelector(copy);
  return source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement
    ? source.value
    : (source?.textContent?.trim() ?? "");
}

async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Without https a browser offers only this way.
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

function confirmOn(button: HTMLElement): void {
  const label = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => {
    button.textContent = label;
  }, 1_500);
}

export function enableCopy(): void {
  document.addEventListener("click", (event) => {
    const button =
      event.target instanceof Element &&
      event.target.closest<HTMLElement>("[data-copy], [data-copy-text]");
    if (!button) return;
    copy(textOf(button)).then(
      () => confirmOn(button),
      () =>
        toast("The browser did not allow copying. Select the text and copy it by hand.", {
          error: true,
        }),
    );
  });
}
