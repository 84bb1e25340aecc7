/** Puts a floating box beside something, inside the window. */

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const GAP = 8;
const EDGE = 8;

export function boxAt(point: { x: number; y: number }): Box {
  return { left: point.x, right: point.x, top: point.y, bottom: point.y };
}

/** To the right of the anchor, else to its left, else over it; never outside the window. */
export function placeNear(element: HTMLElement, anchor: Box): void {
  const { offsetWidth: width, offsetHeight: height } = element;
  const fitsRight = anchor.right + GAP + width + EDGE <= window.innerWidth;
  const fitsLeft = anchor.left - GAP - width >= EDGE;
  const left = fitsRight ? anchor.right + GAP : fitsLeft ? anchor.left - GAP - width : anchor.left;
  element.style.left = `${clamp(left, window.innerWidth - width - EDGE)}px`;
  element.style.top = `${clamp(anchor.top - GAP, window.innerHeight - height - EDGE)}px`;
}

function clamp(value: number, max: number): number {
  return Math.max(EDGE, Math.min(value, max));
}
