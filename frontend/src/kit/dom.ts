/** Small helpers for building and finding elements; text always goes in as text, never as markup. */

type Child = Node | string | null | undefined | false;
type Props = Record<string, unknown>;

/** `h("button", { class: "btn", type: "button", onclick: save }, "Save")` */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(element, name, value);
  element.append(...present(children));
  return element;
}

function setProp(element: HTMLElement, name: string, value: unknown): void {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on") && typeof value === "function") {
    element.addEventListener(name.slice(2), value as EventListener);
  } else if (name === "class") {
    element.className = String(value);
  } else if (name === "value") {
    (element as HTMLInputElement).value = String(value);
  } else {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

function present(children: Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => !!child || child === "");
}

export function replace(element: Element, ...children: Child[]): void {
  element.replaceChildren(...present(children));
}

/** The one element that the template promises. */
export function must<T extends HTMLElement>(selector: string, root: ParentNode = document): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`The page lacks ${selector}`);
  return found;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of icons.svg, by its name there. Decorative unless it gets a label. */
export function icon(name: string, label?: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.documentElement.dataset.icons}#${name}`);
  svg.setAttribute("class", "icon");
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  svg.append(use);
  return svg;
}

/** Whether a key press belongs to the field it happens in. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select"))
  );
}

let lastId = 0;

export function freshId(prefix: string): string {
  lastId += 1;
  return `${prefix}-${lastId}`;
}
