/** The bar over the grid: today, back and forward, the title, and the views. */

import type { Calendar } from "fullcalendar";
import { must } from "../kit/dom";
import { VIEW_TYPES, type ViewName } from "./grid";
import { currentDay } from "./grid-dates";

export type Place = ViewName | "archive";

const KEPT = "leansoft.view";
const PHONE = matchMedia("(max-width: 767px)");

export function firstView(): ViewName {
  const asked = new URLSearchParams(location.search).get("view") ?? localStorage.getItem(KEPT);
  const view = asked && asked in VIEW_TYPES ? (asked as ViewName) : PHONE.matches ? "list" : "week";
  return PHONE.matches && (view === "week" || view === "month") ? "list" : view;
}

export function firstDate(): string | undefined {
  const asked = new URLSearchParams(location.search).get("date");
  return asked && /^\d{4}-\d\d-\d\d$/.test(asked) ? asked : undefined;
}

export class Toolbar {
  private readonly title = must("#calendar-title");
  private place: Place;

  constructor(
    private readonly calendar: Calendar,
    first: ViewName,
    private readonly onPlace: (place: Place) => void,
  ) {
    this.place = first;
    must("#today").addEventListener("click", () => this.move(() => calendar.today()));
    must("#back").addEventListener("click", () => this.step(-1));
    must("#forward").addEventListener("click", () => this.step(1));
    for (const button of this.buttons()) {
      button.addEventListener("click", () => this.show(button.dataset.view as Place));
    }
  }

  /** Shows a view, or the archive in the place of the grid. */
  show(place: Place, date?: string): void {
    this.place = place;
    if (place !== "archive") {
      localStorage.setItem(KEPT, place);
      this.calendar.changeView(VIEW_TYPES[place], date ?? this.calendar.getDate());
    }
    this.onPlace(place);
    this.mark();
  }

  move(step: () => void): void {
    if (this.place === "archive") this.show(firstView());
    step();
  }

  /** A view forward or back. From week to week the weekday stays, for what is done on it next. */
  step(by: 1 | -1): void {
    this.move(() => {
      if (this.place === "week") this.calendar.incrementDate({ weeks: by });
      else if (by > 0) this.calendar.next();
      else this.calendar.prev();
    });
  }

  /** Writes the title and the address, after the grid has moved. */
  mark(): void {
    this.title.textContent = this.place === "archive" ? "Archive" : this.calendar.view.title;
    for (const button of this.buttons()) {
      button.setAttribute("aria-pressed", String(button.dataset.view === this.place));
    }
    if (this.place === "archive") return;
    history.replaceState(null, "", `?view=${this.place}&date=${currentDay(this.calendar)}`);
  }

  private buttons(): NodeListOf<HTMLButtonElement> {
    return document.querySelectorAll<HTMLButtonElement>("[data-view]");
  }
}
