/** Light, dark, or as the device; kept in a cookie so that the server paints the right one at once. */

import { keepCookie, readCookie } from "../kit/cookies";

const COOKIE = "leansoft_theme";

export function enableTheme(): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>("[data-theme-choice]");
  const show = (choice: string) => {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    }
  };
  show(readCookie(COOKIE) || "auto");
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const choice = button.dataset.themeChoice ?? "auto";
      keepCookie(COOKIE, choice);
      apply(choice);
      show(choice);
    });
  }
}

function apply(choice: string): void {
  if (choice === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
}
