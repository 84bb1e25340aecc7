/** The API's shapes, as far as the calendar page uses them. */

export type Response =
  | "none"
  | "organizer"
  | "tentatively_accepted"
  | "accepted"
  | "declined"
  | "not_responded";
export type Answer = "accepted" | "tentatively_accepted" | "declined";
export type ShowAs = "free" | "tentative" | "busy" | "oof" | "working_elsewhere" | "unknown";
export type Sensitivity = "normal" | "personal" | "private" | "confidential";
export type Importance = "low" | "normal" | "high";
export type AttendeeType = "required" | "optional" | "resource";

export interface Attendee {
  /** Null is a person who is named in the event and never mailed. */
  email: string | null;
  name: string;
  type: AttendeeType;
  response?: Response;
  /** A new time that came with the answer, in the event's zone; only the organizer is told. */
  proposed?: Proposed | null;
}

export interface Proposed {
  start: string;
  end: string;
}

/** What a person can write; times are wall times in `time_zone`, or dates with an exclusive end. */
export interface EventFields {
  subject: string;
  description: string;
  location: string;
  start: string;
  end: string;
  time_zone: string;
  all_day: boolean;
  /** An RFC 5545 value; null does not repeat. On one date of a series, the series' rule. */
  rrule: string | null;
  attendees: Attendee[];
  show_as: ShowAs;
  sensitivity: Sensitivity;
  importance: Importance;
  reminder_minutes: number | null;
  categories: string[];
  online_meeting: boolean;
}

export interface CalendarEvent extends EventFields {
  id: string;
  /** The description as it looks in Outlook, made harmless; null where it is only text. */
  description_html: string | null;
  /** The rule in words. */
  recurrence_text: string | null;
  /** Names one date of a series: the start that the rule gives it. Null for anything else. */
  original_start: string | null;
  /** Original starts of the dates that were deleted, and of those that were changed. */
  excluded: string[];
  changed: string[];
  organizer: { email: string | null; name: string } | null;
  online_meeting_url: string | null;
  archived: boolean;
  version: number;
  updated_at: string;
  outlook: {
    state: "synced" | "waiting" | "not_in_outlook" | "not_connected";
    reason: string | null;
  };
  /** `details` is a colleague's event, shown by their choice; `busy` says only that it is there. */
  access: "organizer" | "attendee" | "details" | "busy";
  /** Why the content cannot be changed here, as a sentence. */
  locked: string | null;
  user_ids: number[];
  my_response: Response | null;
}

export interface Page<T> {
  items: T[];
  count: number;
}

export interface Person {
  email: string | null;
  name: string;
  kind: "user" | "contact";
  user_id: number | null;
}

export interface Me {
  id: number;
  email: string;
  name: string;
  is_administrator: boolean;
  time_zone: string;
  default_reminder_minutes: number | null;
}

export type Act = "create" | "edit" | "delete" | "archive" | "unarchive";

export interface Mail {
  to: string;
  kind: "invitation" | "update" | "cancellation" | "response";
  event: string | null;
  certain: boolean;
}

export interface Forecast {
  mails: Mail[];
  sentence: string;
}

export type OutlookState =
  | "not_configured"
  | "not_connected"
  | "connected"
  | "needs_reconnect"
  | "paused"
  | "waiting"
  | "error";

export interface OutlookStatus {
  state: OutlookState;
  account: string | null;
  reason: string | null;
  last_sync_at: string | null;
  /** What the person can do, as a sentence. */
  next_step: string;
  /** The first sync waits for the person's choices. */
  choosing: boolean;
}
