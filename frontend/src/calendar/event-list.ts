/** Rows of events outside the grid: search results and the archive. */

import { h } from "../kit/dom";
import { titleOf, whenText } from "./format";
import { hueOfEvent } from "./hues";
import type { State } from "./state";
import type { CalendarEvent } from "./types";

export function eventRow(state: State, event: CalendarEvent, ...actions: Node[]): HTMLElement {
  const people = event.attendees.map((one) => one.name || one.email).join(", ");
  return h(
    "li",
    { class: `event-row hue-${hueOfEvent(state, event)}` },
    h("span", { class: "swatch", "aria-hidden": "true" }),
    h(
      "div",
      { class: "grow" },
      h("p", { class: "event-row-title" }, titleOf(event)),
      h("p", { class: "muted small" }, whenText(event, state.me.time_zone)),
      event.recurrence_text && h("p", { class: "muted small" }, event.recurrence_text),
      event.location || people
        ? h(
            "p",
            { class: "muted small truncate" },
            [event.location, people].filter(Boolean).join(" · "),
          )
        : null,
    ),
    ...actions,
  );
}
