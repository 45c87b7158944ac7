/**
 * The package.json of the npm package.
 *
 * @module
 */

/** What of deno.json also stands in package.json. */
export interface Project {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** The oldest Node with `process.getBuiltinModule`, by which the library finds files and threads. */
export const LEAST_NODE = "20.16";

/**
 * The package.json of a project.
 *
 * @param workers The modules that are started as workers, which bundlers must not leave out.
 */
export const packageJson = (
  { name, version, license }: Project,
  workers: readonly string[],
): object => ({
  name,
  version,
  description:
    "Functional neural networks for Deno, Node and browsers on WebGPU and WebAssembly, with LSUV: " +
    "All You Need Is a Good Init",
  keywords: ["neural-network", "deep-learning", "initialization", "lsuv", "webgpu", "wasm"],
  license,
  type: "module",
  exports: {
    ".": { types: "./mod.d.ts", default: "./mod.js" },
    "./package.json": "./package.json",
  },
  types: "./mod.d.ts",
  sideEffects: workers.map((path) => `./${path.replace(/\.ts$/, ".js")}`),
  engines: { node: `>=${LEAST_NODE}` },
});
