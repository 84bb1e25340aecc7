/** Requests that htmx makes carry the token that Django asks for. */

import { csrfToken } from "../kit/cookies";

interface ConfigRequest {
  ctx?: { request?: { headers?: Record<string, string> } };
}

export function enableHtmx(): void {
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = (event as CustomEvent<ConfigRequest>).detail;
    if (ctx?.request?.headers) ctx.request.headers["X-CSRFToken"] = csrfToken();
  });
}
