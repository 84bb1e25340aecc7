/** The page's parts and how they hear of each other. */

import type { Calendar } from "fullcalendar";
import { isTyping, must } from "../kit/dom";
import { listenToKeys } from "../kit/keys";
import * as acts from "./acts";
import { Archive } from "./archive";
import { draftFrom, draftOn } from "./draft";
import { toastFailure } from "./failure";
import { Feed } from "./feed";
import { createGrid, type GridHandlers } from "./grid";
import { currentDay, dayOf } from "./grid-dates";
import { isOwn } from "./hues";
import { showKeyHelp } from "./key-help";
import { MiniMonth } from "./mini-month";
import { moveEvent } from "./moves";
import { OutlookButton } from "./outlook";
import { Panel } from "./panel";
import { Popover } from "./popover";
import { Preview } from "./preview";
import { useTime } from "./proposals";
import { Search } from "./search";
import { enableDrawer, renderCategories, showPeople, showZone } from "./sidebar";
import { keyOf, State } from "./state";
import { firstDate, firstView, type Place, Toolbar } from "./toolbar";
import type { CalendarEvent, Me, OutlookStatus } from "./types";
import { today as todayIn } from "./zones";

export function hydrate(): void {
  new Page().start();
}

function read<T>(id: string): T {
  return JSON.parse(must(`#${id}`).textContent ?? "null") as T;
}

class Page {
  private readonly state = new State(read<Me>("me"), read<OutlookStatus>("outlook-state"));
  private readonly calendar: Calendar = createGrid(
    must("#grid"),
    this.state,
    this.handlers(),
    firstDate(),
  );
  private readonly feed = new Feed(this.calendar, this.state, (loading) =>
    must("#grid").classList.toggle("is-loading", loading),
  );
  private readonly preview = new Preview(this.calendar);
  private readonly toolbar = new Toolbar(this.calendar, firstView(), (place) =>
    this.onPlace(place),
  );
  private readonly mini = new MiniMonth(this.state.me.time_zone, (date) => this.goTo(date));
  private readonly panel = new Panel(this.state, {
    create: (fields) => acts.createEvent(this.feed, fields),
    change: (event, changes) => acts.changeEvent(this.feed, event, changes),
    remove: (event) => acts.deleteEvent(this.feed, event),
    archive: (event) => acts.archiveEvent(this.feed, event),
    preview: (fields) => this.preview.show(fields),
  });
  private readonly popover = new Popover(this.state, {
    edit: (event) => void this.panel.openEdit(event),
    remove: (event) => void acts.deleteEvent(this.feed, event),
    archive: (event) => void acts.archiveEvent(this.feed, event),
    respond: (event, answer, comment) => void acts.respond(this.feed, event, answer, comment),
    useTime: (event, when) => void useTime(this.feed, this.state, event, when),
  });
  private readonly archive = new Archive(this.state, () => void this.feed.refresh());

  start(): void {
    // Read first: the grid writes its own place into the address.
    const view = firstView();
    this.calendar.setOption("initialView", "timeGridWeek");
    this.calendar.render();
    this.toolbar.show(view);
    new OutlookButton(this.state);
    new Search(this.state, (event) => this.reveal(event));
    this.listen();
    this.bindKeys();
    enableDrawer();
    showZone(this.state);
    showPeople(this.state).catch((error) => toastFailure(error));
  }

  private handlers(): GridHandlers {
    return {
      onOpen: (event, element) => this.popover.open(event, element),
      onSelect: (selection) => {
        if (!this.preview.isOwnSelection) void this.panel.openNew(draftFrom(this.state, selection));
      },
      onMove: (change) => void moveEvent(this.feed, change),
      onResize: (change) => void moveEvent(this.feed, change),
      onRange: () => this.onRange(),
      onDay: (date) => this.toolbar.show("day", date),
    };
  }

  private listen(): void {
    const { state, feed } = this;
    let lastSync = state.outlook.last_sync_at;
    state.on("events", () => renderCategories(state));
    state.on("people", () => {
      feed.redraw();
      void feed.refresh();
    });
    state.on("filter", () => feed.redraw());
    state.on("outlook", () => {
      if (state.outlook.last_sync_at !== lastSync) void feed.refresh();
      lastSync = state.outlook.last_sync_at;
    });
    window.addEventListener("focus", () => void feed.refresh());
    for (const button of document.querySelectorAll("[data-new-event]")) {
      button.addEventListener("click", () => this.newEvent());
    }
    must("#show-keys").addEventListener("click", showKeyHelp);
  }

  private bindKeys(): void {
    const { calendar, toolbar } = this;
    const back = () => toolbar.step(-1);
    const forward = () => toolbar.step(1);
    listenToKeys({
      c: () => this.newEvent(),
      t: () => toolbar.move(() => calendar.today()),
      d: () => toolbar.show("day"),
      w: () => toolbar.show("week"),
      m: () => toolbar.show("month"),
      a: () => toolbar.show("list"),
      j: forward,
      k: back,
      ArrowRight: forward,
      ArrowLeft: back,
      "?": showKeyHelp,
      e: () => this.withCurrent((event) => void this.panel.openEdit(event)),
      Backspace: () => this.withCurrent((event) => void acts.deleteEvent(this.feed, event)),
      Delete: () => this.withCurrent((event) => void acts.deleteEvent(this.feed, event)),
    });
  }

  /** The event in the popover, else the one that has the focus. */
  private withCurrent(act: (event: CalendarEvent) => void): void {
    const focused = document.activeElement?.closest<HTMLElement>("[data-event]")?.dataset.event;
    const event = this.popover.event ?? (focused ? this.state.events.get(focused) : null);
    if (!event || !isOwn(event)) return;
    this.popover.close();
    act(event);
  }

  private newEvent(): void {
    if (isTyping(document.activeElement) && this.panel.isOpen) return;
    this.popover.close();
    const date = currentDay(this.calendar);
    void this.panel.openNew(draftOn(this.state, this.isTodayShown() ? today(this.state) : date));
  }

  private isTodayShown(): boolean {
    const { currentStart, currentEnd } = this.calendar.view;
    const now = today(this.state);
    return now >= dayOf(this.calendar, currentStart) && now < dayOf(this.calendar, currentEnd);
  }

  private onRange(): void {
    this.popover.close();
    void this.feed.refresh();
    this.toolbar.mark();
    const { activeStart, activeEnd, type } = this.calendar.view;
    const current = currentDay(this.calendar);
    const [start, end] = [dayOf(this.calendar, activeStart), dayOf(this.calendar, activeEnd)];
    const isMonth = type === "dayGridMonth";
    this.mini.follow(current, isMonth ? "" : start, isMonth ? "" : end);
  }

  private onPlace(place: Place): void {
    const isArchive = place === "archive";
    must("#grid").hidden = isArchive;
    if (isArchive) void this.archive.open();
    else this.archive.close();
  }

  private goTo(date: string): void {
    this.toolbar.move(() => this.calendar.gotoDate(date));
  }

  /** Brings an event into sight and opens it. */
  private reveal(event: CalendarEvent): void {
    this.goTo(event.start.slice(0, 10));
    const open = (tries: number) => {
      const element = document.querySelector<HTMLElement>(`[data-event="${keyOf(event)}"]`);
      if (element) {
        element.scrollIntoView({ block: "center" });
        this.popover.open(this.state.events.get(keyOf(event)) ?? event, element);
      } else if (tries > 0) setTimeout(() => open(tries - 1), 100);
    };
    setTimeout(() => open(20), 100);
  }
}

function today(state: State): string {
  return todayIn(state.me.time_zone);
}
