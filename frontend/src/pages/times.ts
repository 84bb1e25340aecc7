/** Times are written in the reader's language, by the clock of their profile's zone, as on the
 * calendar: <time datetime="…" data-format="relative">. */

const FORMATS: Record<string, Intl.DateTimeFormatOptions> = {
  date: { dateStyle: "medium" },
  datetime: { dateStyle: "medium", timeStyle: "short" },
  full: { dateStyle: "full", timeStyle: "long" },
};
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const REFRESH_MS = 30_000;

/** "3 minutes ago", "yesterday", and "just now" for the last half minute. */
export function relative(instant: Date, now: Date = new Date()): string {
  const seconds = (instant.getTime() - now.getTime()) / 1_000;
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return words.format(Math.round(seconds / size), unit);
  }
  return Math.abs(seconds) < 30 ? "just now" : words.format(Math.round(seconds), "second");
}

function formatted(instant: Date, format: string): string {
  const timeZone = document.documentElement.dataset.zone;
  return new Intl.DateTimeFormat(undefined, { ...FORMATS[format], timeZone }).format(instant);
}

function write(element: HTMLTimeElement): void {
  const instant = new Date(element.dateTime);
  if (Number.isNaN(instant.getTime())) return;
  const format = element.dataset.format ?? "datetime";
  element.title = formatted(instant, "full");
  element.textContent = format === "relative" ? relative(instant) : formatted(instant, format);
}

function writeAll(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLTimeElement>("time[data-format]")) write(element);
}

export function enableTimes(): void {
  writeAll(document);
  setInterval(() => writeAll(document), REFRESH_MS);
  document.addEventListener("htmx:after:swap", () => writeAll(document));
}
