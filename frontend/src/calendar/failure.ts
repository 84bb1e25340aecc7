/** What went wrong, and the way on. Who is signed out signs in beside this page: nothing here is lost. */

import { h } from "../kit/dom";
import { toast } from "../kit/toast";
import { Problem, reasonOf } from "./api";

const SIGN_IN = "/accounts/login/?next=/calendar/";

export function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}

export function signInLink(): HTMLAnchorElement {
  return h("a", { class: "btn btn-small", href: SIGN_IN, target: "_blank" }, "Sign in");
}

export function toastFailure(
  error: unknown,
  { before = "", again }: { before?: string; again?: () => void } = {},
): void {
  const retry = again && { label: "Try again", run: again };
  const signIn = { label: "Sign in", run: () => void window.open(SIGN_IN) };
  const text = [before, reasonOf(error)].filter(Boolean).join(" ");
  toast(text, { error: true, action: isSignedOut(error) ? signIn : retry });
}
