/// <reference lib="dom" />
/**
 * The elements of the page's HTML, by their ids.
 *
 * @module
 */

/** An element of the page. Throws Error where there is none of this kind. */
export function byId<T extends Element>(id: string, Kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof Kind) return found;
  throw new Error(`page: expected ${Kind.name} #${id}, found ${found}`);
}
