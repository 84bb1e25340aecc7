/** The Outlook button: how the connection is, in a sentence, and what can be done about it. */

import { csrfToken } from "../kit/cookies";
import { h, icon, must, replace } from "../kit/dom";
import { relative } from "../pages/times";
import { outlookStatus, syncOutlook } from "./api";
import { toastFailure } from "./failure";
import type { State } from "./state";
import type { OutlookState, OutlookStatus } from "./types";

const POLL_MS = 5_000;

const DOTS: Record<OutlookState, string> = {
  not_configured: "dot-off",
  not_connected: "dot-off",
  connected: "dot-success",
  needs_reconnect: "dot-warning",
  paused: "dot-warning",
  waiting: "dot-warning",
  error: "dot-error",
};

export class OutlookButton {
  private readonly root = must("#outlook-button");
  private syncing = false;

  constructor(private readonly state: State) {
    this.render();
    window.setInterval(() => {
      if (document.visibilityState === "visible") void this.poll();
    }, POLL_MS);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.poll();
    });
  }

  /** As long as somebody asks, the server keeps an eye on Outlook. */
  async poll(): Promise<void> {
    let status: OutlookStatus;
    try {
      status = await outlookStatus();
    } catch {
      return; // The next poll tries again; an edit meanwhile says itself what is wrong.
    }
    const before = this.state.outlook;
    const changed = JSON.stringify(before) !== JSON.stringify(status);
    this.state.outlook = status;
    if (status.last_sync_at !== before.last_sync_at) this.syncing = false;
    if (changed) {
      this.render();
      this.state.changed("outlook");
    }
  }

  private render(): void {
    const { outlook } = this.state;
    if (outlook.state === "not_connected") return replace(this.root, connectForm("Outlook", "btn"));
    const wasOpen = this.root.querySelector("details")?.open ?? false;
    const hadFocus = this.root.contains(document.activeElement);
    const menu = h(
      "details",
      { class: "menu outlook-menu" },
      h(
        "summary",
        { class: "btn btn-quiet", role: "button", "aria-label": `Outlook: ${headline(outlook)}` },
        h("span", { class: `dot ${outlook.choosing ? "dot-warning" : DOTS[outlook.state]}` }),
        "Outlook",
      ),
      h("div", { class: "menu-items outlook-card" }, ...this.content(outlook)),
    );
    menu.open = wasOpen;
    replace(this.root, menu);
    if (hadFocus) menu.querySelector("summary")?.focus();
    showNotice(outlook);
  }

  private content(outlook: OutlookStatus): HTMLElement[] {
    const parts = [h("p", { class: "outlook-headline" }, headline(outlook))];
    if (outlook.account) parts.push(h("p", { class: "muted small" }, outlook.account));
    const reason = sentence(outlook);
    if (reason) parts.push(h("p", { class: "small" }, reason));
    parts.push(h("div", { class: "row" }, ...this.actions(outlook)));
    return parts;
  }

  private actions(outlook: OutlookStatus): HTMLElement[] {
    const status = link("/outlook/", "Details and history");
    switch (outlook.state) {
      case "not_configured":
        return this.state.me.is_administrator
          ? [link("/settings/general/", "Set up Outlook", true)]
          : [];
      case "connected":
        return outlook.choosing
          ? [link("/outlook/start", "Choose how to start", true)]
          : [this.syncButton(), status];
      case "needs_reconnect":
        return [connectForm("Sign in again", "btn btn-primary btn-small"), status];
      case "error":
        return this.state.me.is_administrator
          ? [status, link("/settings/general/", "Settings")]
          : [status];
      default:
        return [
          link("/outlook/", outlook.state === "waiting" ? "Decide" : "Open Outlook page", true),
        ];
    }
  }

  private syncButton(): HTMLElement {
    const button = h(
      "button",
      { class: "btn btn-small", type: "button" },
      icon("sync"),
      "Sync now",
    );
    if (this.syncing) button.setAttribute("aria-busy", "true");
    button.addEventListener("click", () => void this.sync(button));
    return button;
  }

  private async sync(button: HTMLElement): Promise<void> {
    this.syncing = true;
    button.setAttribute("aria-busy", "true");
    try {
      await syncOutlook();
    } catch (error) {
      this.syncing = false;
      button.removeAttribute("aria-busy");
      toastFailure(error);
    }
  }
}

function headline(outlook: OutlookStatus): string {
  switch (outlook.state) {
    case "not_configured":
      return "Outlook is not set up yet";
    case "not_connected":
      return "Not connected";
    case "connected":
      return outlook.choosing
        ? "Connected. The first sync waits for your choices"
        : lastSync(outlook);
    case "needs_reconnect":
      return "Microsoft asks you to sign in again";
    case "paused":
      return "Syncing is paused";
    case "waiting":
      return "Changes wait for your decision";
    case "error":
      return "Syncing with Outlook does not work";
  }
}

function lastSync(outlook: OutlookStatus): string {
  return outlook.last_sync_at
    ? `Synced ${relative(new Date(outlook.last_sync_at))}`
    : "Connected; the first sync is under way";
}

function sentence(outlook: OutlookStatus): string {
  if (outlook.choosing) return "Nothing has been changed on either side yet.";
  const said =
    outlook.state === "not_configured" ? [outlook.next_step] : [outlook.reason, outlook.next_step];
  return said.filter(Boolean).join(" ");
}

function link(href: string, text: string, primary = false): HTMLElement {
  return h(
    "a",
    { href, class: primary ? "btn btn-primary btn-small" : "btn btn-quiet btn-small" },
    text,
  );
}

/** A plain form: the browser leaves for Microsoft's sign-in. */
function connectForm(label: string, className: string): HTMLElement {
  return h(
    "form",
    { method: "post", action: "/outlook/connect" },
    h("input", { type: "hidden", name: "csrfmiddlewaretoken", value: csrfToken() }),
    h(
      "button",
      { class: className, title: "Connect this calendar with your Outlook" },
      label === "Outlook" ? icon("outlook") : null,
      label,
    ),
  );
}

/** What needs the person is said above the grid too, not only behind a button. */
function showNotice(outlook: OutlookStatus): void {
  const place = must("#outlook-notice");
  const needs = outlook.choosing || ["needs_reconnect", "waiting", "error"].includes(outlook.state);
  if (!needs) return replace(place);
  const tone =
    outlook.state === "error" ? "banner-error" : outlook.choosing ? "" : "banner-warning";
  const action = outlook.choosing
    ? link("/outlook/start", "Choose how to start", true)
    : outlook.state === "needs_reconnect"
      ? connectForm("Sign in again", "btn btn-small")
      : link("/outlook/", "Open Outlook page");
  const text = [`${headline(outlook)}.`, outlook.choosing ? "" : outlook.reason].join(" ");
  replace(place, h("div", { class: `banner ${tone}` }, h("p", {}, text), action));
}
