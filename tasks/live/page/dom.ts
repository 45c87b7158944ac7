/// <reference lib="dom" />
/**
 * Creating elements of a page.
 *
 * @module
 */

/** The content of an element. */
export type Content = Node | string;

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

function filled<E extends Element>(element: E, attributes: Attributes, content: Content[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...content);
  return element;
}

/** An element of HTML. */
export const html = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...content: Content[]
): HTMLElementTagNameMap[K] => filled(document.createElement(tag), attributes, content);

/** An element of SVG. */
export const svg = <K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...content: Content[]
): SVGElementTagNameMap[K] =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, content);

const shown = new WeakMap<Element, string>();

/** Replaces the content of an element where its source `from` has changed, keeping the focus. */
export function refill(element: Element, from: unknown, make: () => Content[]): void {
  const key = JSON.stringify(from);
  if (shown.get(element) === key) return;
  shown.set(element, key);
  const active = document.activeElement, held = element.contains(active) ? active?.id : undefined;
  element.replaceChildren(...make());
  if (held) document.getElementById(held)?.focus();
}
