/** Talks to the API of this Leansoft; a refusal becomes a Problem whose message is for the person. */

import { csrfToken } from "../kit/cookies";
import type { Scope } from "./series/scope";
import type {
  Act,
  Answer,
  CalendarEvent,
  EventFields,
  Forecast,
  OutlookStatus,
  Page,
  Person,
} from "./types";

const BASE = "/api/v1";
const CONFLICT = 412;
const SIGNED_OUT =
  "You are signed out. Sign in in another tab, then try again: what is written here stays.";

export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly field: string | null = null,
  ) {
    super(message);
  }

  /** Somebody else changed the event since it was read. */
  get isConflict(): boolean {
    return this.status === CONFLICT;
  }
}

/** The sentence to show for whatever went wrong. */
export function reasonOf(error: unknown): string {
  return error instanceof Problem ? error.message : "Something went wrong on this page. Reload it.";
}

interface Call {
  body?: unknown;
  version?: number;
  signal?: AbortSignal;
}

async function call<T>(method: string, path: string, options: Call = {}): Promise<T> {
  const response = await send(method, path, options);
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function send(method: string, path: string, options: Call): Promise<globalThis.Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (options.version !== undefined) headers["If-Match"] = `"${options.version}"`;
  try {
    return await fetch(BASE + path, {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, "Leansoft cannot be reached. Check the connection and try again.");
  }
}

async function problemOf(response: globalThis.Response): Promise<Problem> {
  const body = await response.json().catch(() => ({}));
  if (response.status === 401) return new Problem(401, SIGNED_OUT);
  const fallback = `Leansoft answered with an error (${response.status}). Try again in a moment.`;
  const message = typeof body.detail === "string" ? body.detail : (body.title ?? fallback);
  return new Problem(response.status, message, body.field ?? null);
}

export interface Range {
  start: string;
  end: string;
  users: number[];
}

const PAGE = 1000;

/** Every event that overlaps the range, page by page. */
export async function listEvents(range: Range, signal?: AbortSignal): Promise<CalendarEvent[]> {
  const query = new URLSearchParams({ start: range.start, end: range.end, expand: "true" });
  for (const user of range.users) query.append("user", String(user));
  return listAll(query, signal);
}

export function listArchived(): Promise<CalendarEvent[]> {
  return listAll(new URLSearchParams({ archived: "true" }));
}

async function listAll(query: URLSearchParams, signal?: AbortSignal): Promise<CalendarEvent[]> {
  const items: CalendarEvent[] = [];
  for (;;) {
    query.set("limit", String(PAGE));
    query.set("offset", String(items.length));
    const page = await call<Page<CalendarEvent>>("GET", `/events?${query}`, { signal });
    items.push(...page.items);
    if (page.items.length === 0 || items.length >= page.count) return items;
  }
}

/** Dates of a series, named by one of them; without it the whole event is meant. */
export interface Dates {
  occurrence: string;
  scope: Scope;
}

function query(parameters: object | null): string {
  return parameters ? `?${new URLSearchParams({ ...parameters })}` : "";
}

export function createEvent(fields: EventFields): Promise<CalendarEvent> {
  return call("POST", "/events", { body: fields });
}

export function patchEvent(
  event: CalendarEvent,
  changes: Partial<EventFields>,
  dates: Dates | null = null,
): Promise<CalendarEvent> {
  const { id, version } = event;
  return call("PATCH", `/events/${id}${query(dates)}`, { body: changes, version });
}

/** One date of a series, or the event as a whole. */
export function getEvent(id: string, occurrence: string | null = null): Promise<CalendarEvent> {
  return call("GET", `/events/${id}${query(occurrence ? { occurrence } : null)}`);
}

export function deleteEvent(event: CalendarEvent, dates: Dates | null = null): Promise<void> {
  return call("DELETE", `/events/${event.id}${query(dates)}`, { version: event.version });
}

export function deleteForever(event: CalendarEvent): Promise<void> {
  return call("DELETE", `/events/${event.id}?forever=true`, { version: event.version });
}

export function archiveEvent(event: CalendarEvent): Promise<void> {
  return call("POST", `/events/${event.id}/archive`, { version: event.version });
}

export function unarchiveEvent(event: CalendarEvent): Promise<CalendarEvent> {
  return call("POST", `/events/${event.id}/unarchive`, { version: event.version });
}

export function respond(
  event: CalendarEvent,
  response: Answer,
  { occurrence = null, comment = "" }: { occurrence?: string | null; comment?: string } = {},
): Promise<CalendarEvent> {
  const path = `/events/${event.id}/respond${query(occurrence ? { occurrence } : null)}`;
  return call("POST", path, { body: { response, comment: comment || null } });
}

/** Who would be mailed; nothing is written. */
export function forecast(
  act: Act,
  id: string | null,
  changes: Partial<EventFields> = {},
  dates: Dates | null = null,
  signal?: AbortSignal,
): Promise<Forecast> {
  return call("POST", "/events/forecast", { body: { act, id, changes, ...dates }, signal });
}

export async function findPeople(text: string, signal?: AbortSignal): Promise<Person[]> {
  const query = new URLSearchParams({ q: text, limit: "200" });
  return (await call<Page<Person>>("GET", `/people?${query}`, { signal })).items;
}

export function outlookStatus(): Promise<OutlookStatus> {
  return call("GET", "/outlook");
}

export function syncOutlook(): Promise<{ run: number | string }> {
  return call("POST", "/outlook/sync");
}
