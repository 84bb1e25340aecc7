/** The archive: what was archived or deleted, to bring back or to remove for good. */

import { ask } from "../kit/dialog";
import { h, icon, must, replace } from "../kit/dom";
import { toast } from "../kit/toast";
import { sentenceFor } from "./acts";
import { deleteForever, listArchived, reasonOf, unarchiveEvent } from "./api";
import { eventRow } from "./event-list";
import { toastFailure } from "./failure";
import { titleOf } from "./format";
import type { State } from "./state";
import type { CalendarEvent } from "./types";

export class Archive {
  private readonly root = must("#archive");

  constructor(
    private readonly state: State,
    private readonly onRestored: () => void,
  ) {}

  async open(): Promise<void> {
    this.root.hidden = false;
    replace(
      this.root,
      heading(),
      h("div", { class: "archive-wait", "aria-busy": "true" }, ...skeletons()),
    );
    try {
      this.render(await listArchived());
    } catch (error) {
      replace(this.root, heading(), h("p", { class: "banner banner-error" }, reasonOf(error)));
    }
  }

  close(): void {
    this.root.hidden = true;
  }

  private render(events: CalendarEvent[]): void {
    const newest = events.toSorted((a, b) => b.start.localeCompare(a.start));
    replace(
      this.root,
      heading(),
      newest.length
        ? h("ul", { class: "event-rows" }, ...newest.map((event) => this.row(event)))
        : empty(),
    );
  }

  private row(event: CalendarEvent): HTMLElement {
    const act = (run: (event: CalendarEvent) => Promise<boolean>) => async (press: Event) => {
      const button = press.currentTarget as HTMLElement;
      button.setAttribute("aria-busy", "true");
      if (await run(event)) row.remove();
      button.removeAttribute("aria-busy");
      if (!this.root.querySelector(".event-row")) this.render([]);
    };
    const label = titleOf(event);
    const back = h(
      "button",
      {
        class: "btn btn-small",
        type: "button",
        "aria-label": `Unarchive ${label}`,
        onclick: act((one) => this.restore(one)),
      },
      icon("unarchive"),
      "Unarchive",
    );
    const gone = h(
      "button",
      {
        class: "btn btn-quiet btn-danger btn-small btn-icon",
        type: "button",
        "aria-label": `Delete ${label} forever`,
        title: "Delete forever",
        onclick: act(destroy),
      },
      icon("trash"),
    );
    const row = eventRow(this.state, event, h("div", { class: "row-actions" }, back, gone));
    return row;
  }

  private async restore(event: CalendarEvent): Promise<boolean> {
    const mails = await sentenceFor("unarchive", event);
    const title = `Bring “${titleOf(event)}” back?`;
    if (mails && !(await ask({ title, mails, confirm: "Unarchive and mail" }))) return false;
    return attempt(async () => {
      await unarchiveEvent(event);
      toast("It is back in the calendar.");
      this.onRestored();
    });
  }
}

async function destroy(event: CalendarEvent): Promise<boolean> {
  const title = `Delete “${titleOf(event)}” forever?`;
  const text = "This cannot be undone.";
  if (!(await ask({ title, text, confirm: "Delete forever", danger: true }))) return false;
  return attempt(() => deleteForever(event));
}

async function attempt(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    toastFailure(error);
    return false;
  }
}

function heading(): HTMLElement {
  return h(
    "div",
    { class: "archive-head" },
    h(
      "p",
      { class: "muted" },
      "Deleted and archived events. Bringing one back puts it into Outlook again.",
    ),
  );
}

function empty(): HTMLElement {
  return h(
    "div",
    { class: "empty" },
    icon("archive"),
    h("strong", {}, "The archive is empty"),
    h("p", {}, "Events that you archive or delete are kept here until you delete them forever."),
  );
}

function skeletons(): HTMLElement[] {
  return Array.from({ length: 4 }, () => h("div", { class: "skeleton archive-skeleton" }));
}
