/** While a new event is written, the grid shows where it will be. */

import type { Calendar } from "fullcalendar";
import type { EventFields } from "./types";
import { toInstant } from "./zones";

export class Preview {
  private selecting = false;

  constructor(private readonly calendar: Calendar) {}

  /** The selection under way was made here, not by the pointer. */
  get isOwnSelection(): boolean {
    return this.selecting;
  }

  show(fields: EventFields | null): void {
    this.selecting = true;
    try {
      if (fields) this.select(fields);
      else this.calendar.unselect();
    } finally {
      this.selecting = false;
    }
  }

  private select({ start, end, all_day: allDay, time_zone: zone }: EventFields): void {
    const edge = (wall: string) => (allDay ? wall : toInstant(wall, zone).toString());
    this.calendar.select({ start: edge(start), end: edge(end), allDay });
  }
}
