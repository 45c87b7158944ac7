/**
 * The order of the floors, defined only here: `check.ts` checks every import against it, and
 * `docs/architecture.md` draws it.
 *
 * @module
 */

/** A floor: a name, what it holds, and the files and folders (ending in a slash) on it. */
export interface Floor {
  readonly name: string;
  readonly note: string;
  readonly paths: readonly string[];
}

/** The floors of the library, the lowest first: a file imports its own floor or a lower one. */
export const LIBRARY: readonly Floor[] = [
  {
    name: "values",
    note:
      "Trees, shapes, host arrays, Threefry; files and threads of Deno, Node and browsers; memory.",
    paths: [
      "src/tree_form.ts",
      "src/tree.ts",
      "src/tuple.ts",
      "src/shape.ts",
      "src/threefry.ts",
      "src/host_data.ts",
      "src/error_context.ts",
      "src/closest_string.ts",
      "src/counted.ts",
      "src/sum_of.ts",
      "src/one_line.ts",
      "src/platform/",
      "src/memory/",
    ],
  },
  {
    name: "tensor",
    note: "Immutable, lazy tensors: a graph of ops, not yet computed; how tensors are shown.",
    paths: [
      "src/spec.ts",
      "src/tensor.ts",
      "src/processes.ts",
      "src/graph.ts",
      "src/labels.ts",
      "src/describe_value.ts",
      "src/check_options.ts",
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
    name: "distributed",
    note: "Several processes that train one net: collectives over MPI.",
    paths: ["src/distributed/"],
  },
  {
    name: "data",
    note: "Formats, data sets, preprocessing, the loader of batches.",
    paths: ["src/data/"],
  },
  { name: "train", note: "fit, evaluate, checkpoints, safetensors.", paths: ["src/train/"] },
];

/** The rooms of the application, the lowest first: a file imports the library, its own room or an earlier one. */
export const ROOMS: readonly Floor[] = ([
  ["cli", "Options, help, exit codes, progress, paths relative to the caller."],
  ["schema", "The files that tasks read back: their schemas, and errors that name file and field."],
  ["images", "PNG and JPEG pictures as arrays."],
  ["datasets", "The registry of data sets, their download and checksums."],
  ["run", "The folder of a run: its files and their schema, its lock, its events."],
  ["models", "Trained nets opened again: evaluate, predict, inspect."],
  ["training", "Options, presets and runTraining: one run from settings to a trained net."],
  ["export", "PyTorch, safetensors and ONNX."],
  ["tensorboard", "The events of a run in TensorBoard's format."],
  ["plots", "Figures as SVG."],
  ["experiments", "Grids of runs, and the catalogue of the paper's tables."],
  ["studies", "Open questions of the paper and the blog, each a program over the library."],
  ["report", "Runs and experiments as HTML and Markdown."],
  ["live", "The web page that shows a run while it trains."],
  ["submit", "Job scripts for schedulers of clusters, and what they need."],
] as const).map(([name, note]) => ({ name, note, paths: [`tasks/${name}/`] }));

/** What other folders may import from the application: `mod.ts` of rooms, or whole rooms; the first that fits. */
export const GUESTS: Readonly<Record<string, readonly string[]>> = {
  "bench/": [
    "tasks/cli/mod.ts",
    "tasks/images/mod.ts",
    "tasks/run/mod.ts",
    "tasks/plots/mod.ts",
    "tasks/schema/",
  ],
  "dev/fuzz/": ["tasks/"],
  "dev/results/": ["tasks/"],
  "dev/": ["tasks/cli/", "tasks/schema/"],
  "site/": ["tasks/cli/", "tasks/plots/", "tasks/live/page/", "tasks/live/style.ts"],
};

/** Identifiers that only some folders may use. */
export const RESERVED: readonly (readonly [pattern: RegExp, word: string, ...folders: string[]])[] =
  [
    [/\bnavigator\s*\??\.\s*gpu\b/, "navigator.gpu", "src/device/webgpu/"],
    [/\bWebAssembly\b/, "WebAssembly", "src/device/cpu/"],
    [/(?<!")\bDeno\s*\./, "Deno", "src/platform/", "src/device/cpu/native/", "src/distributed/"],
  ];

/** Whether a path is on a list of files and of folders that end in a slash. */
export const isUnder = (path: string, paths: readonly string[]): boolean =>
  paths.some((each) => each.endsWith("/") ? path.startsWith(each) : path === each);

/** The index of the floor of a path; −1 for none. */
export const floorIn = (floors: readonly Floor[], path: string): number =>
  floors.findIndex(({ paths }) => isUnder(path, paths));

/** Whether a path is an entry: the program of a task. */
export const isEntry = (path: string): boolean => /^tasks\/[^/]+\.ts$/.test(path);
