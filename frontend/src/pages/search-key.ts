/** On every page `/` goes to the search in the top bar. */

import { listenToKeys } from "../kit/keys";

export function enableSearchKey(): void {
  const input = document.querySelector<HTMLInputElement>("[data-search]");
  if (!input) return;
  listenToKeys({
    "/": () => {
      input.focus();
      input.select();
    },
  });
}
