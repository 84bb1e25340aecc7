/** What an act makes of events is shown at once, and taken back with the reason when it is refused. */

import { toast } from "../kit/toast";
import { Problem } from "./api";
import { toastFailure } from "./failure";
import type { Feed } from "./feed";
import type { CalendarEvent } from "./types";

const CONFLICT =
  "This event was changed in the meantime. Here is how it is now; make your change again.";

/** `after` takes the place of `before`; nothing means that they are gone. */
export async function atOnce(
  feed: Feed,
  before: CalendarEvent[],
  after: CalendarEvent[],
  send: () => Promise<unknown>,
): Promise<boolean> {
  let isDone = false;
  await feed.hold(async () => {
    if (after.length) feed.put(...after);
    else feed.remove(...before);
    try {
      await send();
      isDone = true;
    } catch (error) {
      feed.put(...before);
      explain(feed, error);
    }
  });
  return isDone;
}

export function explain(feed: Feed, error: unknown): void {
  const isConflict = error instanceof Problem && error.isConflict;
  if (!isConflict) return toastFailure(error, { before: "Not saved." });
  toast(CONFLICT, { error: true });
  void feed.refresh();
}
