/**
 * The name of the platform that runs the library.
 *
 * @module
 */

interface Process {
  readonly versions?: { readonly bun?: string; readonly node?: string };
}

/** The name of every browser. */
export const BROWSER = "this browser";

/** `Deno`, `Bun`, `Node.js`, or `this browser`. */
export function platformName(): string {
  if (typeof Deno !== "undefined") return "Deno";
  const { versions = {} } = (globalThis as { readonly process?: Process }).process ?? {};
  return versions.bun ? "Bun" : versions.node ? "Node.js" : BROWSER;
}
