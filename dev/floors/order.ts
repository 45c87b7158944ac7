/**
 * The order of the house: what stands on what. This is the one place that says it; `check.ts` holds every
 * import to it and `docs/architecture.md` draws it.
 *
 * @module
 */

/** A floor: a name, and the files and folders (ending in a slash) on it. */
export interface Floor {
  readonly name: string;
  readonly paths: readonly string[];
}

/** The library, from the ground up: a file imports its own floor or a lower one. */
export const LIBRARY: readonly Floor[] = [
  {
    name: "values",
    paths: [
      "src/tree.ts",
      "src/tuple.ts",
      "src/shape.ts",
      "src/threefry.ts",
      "src/host.ts",
      "src/least_recent.ts",
      "src/collector.ts",
      "src/reclaimer.ts",
      "src/borrowed.ts",
      "src/blame.ts",
      "src/nearest.ts",
    ],
  },
  {
    name: "tensor",
    paths: ["src/tensor.ts", "src/labels.ts", "src/signature.ts", "src/recipe.ts", "src/show/"],
  },
  { name: "ops", paths: ["src/ops/"] },
  { name: "grad", paths: ["src/cotangents.ts", "src/grad.ts", "src/random.ts"] },
  { name: "nn", paths: ["src/nn/"] },
  { name: "init", paths: ["src/init/"] },
  { name: "optim", paths: ["src/optim/"] },
  { name: "models", paths: ["src/models/"] },
  { name: "plan", paths: ["src/plan/"] },
  { name: "device", paths: ["src/device/"] },
  { name: "runtime", paths: ["src/runtime.ts", "src/runtime_types.ts", "src/holdings.ts"] },
  { name: "data", paths: ["src/data/"] },
  { name: "train", paths: ["src/train/"] },
];

/** The application, from the ground up: a file of a room imports the library, its own room or an earlier one. */
export const ROOMS: readonly Floor[] = [
  "cli",
  "images",
  "datasets",
  "run",
  "models",
  "training",
  "export",
  "plots",
  "experiments",
  "report",
  "live",
].map((name) => ({ name, paths: [`tasks/${name}/`] }));

/** What other folders may import of the application; of a room that is named by its `mod.ts` no other file. */
export const GUESTS: Readonly<Record<string, readonly string[]>> = {
  "bench/": ["tasks/cli/mod.ts", "tasks/plots/mod.ts"],
  "dev/": ["tasks/cli/"],
};

/** Words that only one folder may say. */
export const RESERVED: readonly (readonly [pattern: RegExp, word: string, folder: string])[] = [
  [/\bnavigator\s*\??\.\s*gpu\b/, "navigator.gpu", "src/device/webgpu/"],
  [/\bWebAssembly\b/, "WebAssembly", "src/device/cpu/"],
];

/** Whether a path is on a list of files and of folders that end in a slash. */
export const isUnder = (path: string, paths: readonly string[]): boolean =>
  paths.some((each) => each.endsWith("/") ? path.startsWith(each) : path === each);

/** The number of the floor that a path is on; −1 for one on none. */
export const floorIn = (floors: readonly Floor[], path: string): number =>
  floors.findIndex(({ paths }) => isUnder(path, paths));

/** Whether a path is an entry: a program that `deno task` runs, one a task. */
export const isEntry = (path: string): boolean => /^tasks\/[^/]+\.ts$/.test(path);
