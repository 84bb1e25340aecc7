/** The bar with Save appears when a field of its form differs from what the server sent. */

function snapshot(form: HTMLFormElement): string {
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  return JSON.stringify(fields.map(([name, value]) => [name, String(value)]));
}

export function enableSaveBars(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-save-bar]")) watch(form);
}

function watch(form: HTMLFormElement): void {
  const bar = form.querySelector<HTMLElement>(".save-bar");
  if (!bar) return;
  const before = snapshot(form);
  // A form that comes back with errors still holds what was not saved.
  const refused =
    form.querySelector("[aria-invalid=true], .errorlist, .error:not(:empty)") !== null;
  const update = () => {
    bar.hidden = !refused && snapshot(form) === before;
  };
  let leaving = false;
  form.addEventListener("input", update);
  form.addEventListener("reset", (reset) => {
    if (!refused) return void setTimeout(update);
    // What stands in a refused form is not what is saved: the server shows that.
    reset.preventDefault();
    leaving = true;
    location.assign(location.pathname);
  });
  form.addEventListener("submit", () => {
    leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && !bar.hidden) event.preventDefault();
  });
  update();
}
