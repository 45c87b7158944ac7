/**
 * The packages from npm. They are imported at their first use, by a name that Deno cannot resolve
 * beforehand. They are listed here and not in `deno.json`, because `deno task` fetches all packages of
 * `deno.json` before any task runs, and training must run without a registry.
 *
 * @module
 */
export const NPM = {
  esbuild: "npm:esbuild@0.25.10",
  "playwright-core": "npm:playwright-core@1.56.1",
  typescript: "npm:typescript@6.0.3",
  vega: "npm:vega@6.2.0",
  "vega-lite": "npm:vega-lite@6.4.1",
} as const;

/** What Deno says where it cannot download a package. */
const UNREACHABLE = /Failed loading|error sending request|dns error|client error/;

/** Why packages could not be imported, in one line. */
export function whyNoPackage(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error)).split("\n");
  return UNREACHABLE.test(line!) ? "no network to download them from npm" : line!;
}
