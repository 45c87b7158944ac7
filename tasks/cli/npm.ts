/**
 * The packages from npm. They are imported at their first use, by a name that Deno does not look for
 * beforehand. They stand here and not in `deno.json`, because `deno task` fetches all packages that
 * stand there before any task runs, and training is to run without a registry.
 *
 * @module
 */
export const NPM = {
  "playwright-core": "npm:playwright-core@1.56.1",
  vega: "npm:vega@6.2.0",
  "vega-lite": "npm:vega-lite@6.4.1",
} as const;
