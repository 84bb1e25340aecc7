/** What an event says, for reading: as it looks in Outlook, else as plain text. */

import { h, icon } from "../kit/dom";
import type { CalendarEvent } from "./types";

const ADDRESS = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/g;

export function description(event: CalendarEvent): HTMLElement | null {
  if (!event.description) return null;
  const box = event.description_html
    ? formatted(event.description_html)
    : h("div", { class: "event-text" }, event.description);
  linkAddresses(box);
  return h("div", { class: "fact" }, icon("text"), box);
}

/** The one place where markup comes in as markup: the server has made it harmless. */
function formatted(html: string): HTMLElement {
  const box = h("div", { class: "event-text event-html" });
  box.innerHTML = html;
  return box;
}

/** Makes links of the web addresses in the text. */
function linkAddresses(root: HTMLElement): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts.filter((text) => !text.parentElement?.closest("a"))) {
    text.replaceWith(...linked(text.data));
  }
}

function linked(text: string): (string | Node)[] {
  const parts: (string | Node)[] = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const attributes = { href: found[0], target: "_blank", rel: "noopener noreferrer" };
    parts.push(text.slice(from, found.index), h("a", attributes, found[0]));
    from = found.index + found[0].length;
  }
  return [...parts, text.slice(from)];
}
