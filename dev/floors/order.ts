/**
 * The order of the house: what stands on what. This is the one place that says it; `check.ts` holds every
 * import to it and `docs/architecture.md` draws it.
 *
 * @module
 */

/** A floor: a name, what it holds, and the files and folders (ending in a slash) on it. */
export interface Floor {
  readonly name: string;
  readonly note: string;
  readonly paths: readonly string[];
}

/** The library, from the ground up: a file imports its own floor or a lower one. */
export const LIBRARY: readonly Floor[] = [
  {
    name: "values",
    note: "Trees, shapes, host arrays, Threefry; memory that a garbage collector gives back.",
    paths: [
      "src/tree.ts",
      "src/tuple.ts",
      "src/shape.ts",
      "src/threefry.ts",
      "src/host_data.ts",
      "src/error_context.ts",
      "src/closest_string.ts",
      "src/memory/",
    ],
  },
  {
    name: "tensor",
    note:
      "Immutable, lazy tensors: a graph of ops that nothing has computed yet; how they are shown.",
    paths: [
      "src/spec.ts",
      "src/tensor.ts",
      "src/graph.ts",
      "src/labels.ts",
      "src/signature.ts",
      "src/show/",
    ],
  },
  { name: "ops", note: "Every op: its meaning, its shape, its adjoint.", paths: ["src/ops/"] },
  {
    name: "grad",
    note: "Reverse-mode gradients of any order; random numbers from keys.",
    paths: ["src/cotangents.ts", "src/grad.ts", "src/random.ts"],
  },
  {
    name: "nn",
    note: "Layers (params, x, key?) => y, their composition, initializers, losses.",
    paths: ["src/nn/"],
  },
  {
    name: "init",
    note: "LSUV: a fold over the layers that returns new parameters.",
    paths: ["src/init/"],
  },
  { name: "optim", note: "Optimizers and schedules as pure functions.", paths: ["src/optim/"] },
  { name: "models", note: "FitNets and the other nets of the paper.", paths: ["src/models/"] },
  {
    name: "plan",
    note: "The compiler: from a graph to fused kernels, an order, and buffers.",
    paths: ["src/plan/"],
  },
  {
    name: "device",
    note:
      "WebGPU, WebAssembly SIMD on threads, and the float64 reference: kernels and their launch.",
    paths: ["src/device/"],
  },
  {
    name: "runtime",
    note: "open, jit, read, fold: where lazy tensors are computed.",
    paths: ["src/runtime/"],
  },
  {
    name: "data",
    note: "Formats, data sets, preprocessing, the loader of batches.",
    paths: ["src/data/"],
  },
  { name: "train", note: "fit, evaluate, checkpoints, safetensors.", paths: ["src/train/"] },
];

/** The application, from the ground up: a file of a room imports the library, its own room or an earlier one. */
export const ROOMS: readonly Floor[] = ([
  ["cli", "Options, help, exit codes, progress, paths as a user names them."],
  ["images", "PNG and JPEG pictures as arrays."],
  ["datasets", "The registry of data sets, their download and checksums."],
  ["run", "The folder of a run: its files, their one schema, its lock, its events."],
  ["models", "Trained nets opened again: evaluate, predict, inspect."],
  ["training", "Options, presets and runTraining: one run from settings to a trained net."],
  ["export", "PyTorch, safetensors and ONNX."],
  ["plots", "Figures as SVG."],
  ["experiments", "Grids of runs, and the catalogue of the paper's tables."],
  ["report", "Runs and experiments as HTML and Markdown."],
  ["live", "The page that shows a run while it goes on."],
] as const).map(([name, note]) => ({ name, note, paths: [`tasks/${name}/`] }));

/** What other folders may import of the application: the faces of rooms, or whole rooms. */
export const GUESTS: Readonly<Record<string, readonly string[]>> = {
  "bench/": ["tasks/cli/mod.ts", "tasks/run/mod.ts", "tasks/plots/mod.ts"],
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
