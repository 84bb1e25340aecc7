/** Requests that htmx makes carry the token that Django asks for, and a request that fails says so
 * where its answer would stand. */

import htmx from "htmx.org";
import { csrfToken } from "../kit/cookies";
import { h } from "../kit/dom";

interface Context {
  request?: { headers?: Record<string, string> };
  response?: { raw: Response };
  target?: Element;
  swap?: string;
}

/** A preview reads a whole calendar first. */
const LONGEST_WAIT_MS = 300_000;
const SIGN_IN = "/accounts/login/";

export function enableHtmx(): void {
  htmx.config.defaultTimeout = LONGEST_WAIT_MS;
  on("htmx:config:request", ({ request }) => {
    if (request?.headers) request.headers["X-CSRFToken"] = csrfToken();
  });
  on("htmx:before:response", ({ response }, event) => {
    if (!response?.raw.redirected || new URL(response.raw.url).pathname !== SIGN_IN) return;
    event.preventDefault();
    location.reload();
  });
  on("htmx:response:error", (context) => {
    context.swap = "none";
    fail(context);
  });
  on("htmx:error", fail);
}

function on(name: string, act: (context: Context, event: Event) => void): void {
  document.addEventListener(name, (event) => {
    const { ctx } = (event as CustomEvent<{ ctx?: Context }>).detail;
    if (ctx) act(ctx, event);
  });
}

function fail({ target, response }: Context): void {
  const text = response
    ? "Leansoft made a mistake here. The administrator finds it in the log."
    : "Leansoft does not answer. What has been started goes on by itself.";
  const again = h(
    "button",
    { class: "btn btn-small", type: "button", onclick: () => location.reload() },
    "Load the page again",
  );
  target?.replaceChildren(
    h(
      "div",
      { class: "banner banner-error", role: "alert" },
      h("p", {}, text),
      h("div", { class: "banner-actions" }, again),
    ),
  );
}
