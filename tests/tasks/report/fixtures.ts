/**
 * Folders of results, made for tests.
 *
 * @module
 */
import { folderOf } from "../../data/fixtures.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** `epochs.csv` of runs whose test accuracies these are; half a second an epoch. */
export const epochsCsv = (accuracies: readonly number[]): Uint8Array =>
  bytes(
    [
      "epoch,step,trainLoss,trainAccuracy,testLoss,testAccuracy,seconds,imagesPerSecond,data",
      ...accuracies.map((accuracy, i) =>
        `${i + 1},${10 * (i + 1)},${2 - accuracy},${accuracy / 2},${1 - accuracy},${accuracy},0.5,${
          1000 + i
        },cifar10`
      ),
    ].join("\r\n") + "\r\n",
  );

/** `lsuv.csv` of three layers, the first with two pieces. */
export const LSUV_CSV: Uint8Array = bytes(
  [
    "name,piece,trials,before,after,converged,zero,data",
    "[0] conv,0,1,0.01,1.01,true,false,cifar10",
    "[0] conv,1,1,0.04,0.99,true,false,cifar10",
    "[2] conv,0,1,1.5,1,true,false,cifar10",
    "[4] dense,0,0,1,1,true,false,cifar10",
  ].join("\r\n") + "\r\n",
);

/** A manifest of a run. */
export const manifestJson = (
  { init, seed, status = "finished", activation = "relu" }: {
    init: string;
    seed: number;
    status?: string;
    activation?: string;
  },
): Uint8Array =>
  bytes(JSON.stringify({
    status,
    command: `deno task train:cifar --init ${init} --seed ${seed}`,
    program: { name: "@goodinit/goodinit", version: "0.1.0", commit: "abc1234" },
    deno: "2.9.6",
    system: "linux x86_64",
    device: { name: "cpu", description: "WebAssembly, 2 threads" },
    data: { train: { name: "CIFAR-10 train", count: 50_000, sha256: "5f".repeat(32) } },
    seed,
    settings: {
      dataset: "cifar10",
      net: "fitnet4",
      activation,
      loss: "softmax",
      init,
      lsuv: "common",
      dropAt: [1.5],
      epochs: 3,
      seed,
    },
  }));

/** A run's folder: from LSUV if left out, with three epochs. */
export const runFiles = (
  { init = "lsuv", seed = 0, status = "finished", accuracies = [0.3, 0.5, 0.6] } = {},
): Record<string, Uint8Array> => ({
  "manifest.json": manifestJson({ init, seed, status }),
  "epochs.csv": epochsCsv(accuracies),
  ...(init === "lsuv" ? { "lsuv.csv": LSUV_CSV } : {}),
});

/** Files under a folder. */
export const under = (folder: string, files: Record<string, Uint8Array>) =>
  Object.fromEntries(
    Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]),
  );

/** Variances that shrink by `base` a layer before LSUV or without it. */
function layersCsv(init: string, base: number): Uint8Array {
  const rows = (phase: string, step: number, of: (depth: number) => number) =>
    [0, 1, 2, 3].map((depth) =>
      `${step},${phase},${depth + 1},[${depth}] conv,${of(depth)},${1e-5 * of(3 - depth)}`
    );
  return bytes(
    [
      "step,phase,layer,name,activationVariance,gradientVariance",
      ...(init === "lsuv"
        ? [...rows("before lsuv", 0, (d) => base ** d), ...rows("after lsuv", 0, () => 1)]
        : rows("initial", 0, (d) => base ** d)),
      ...rows("epoch 1", 10, () => 0.5),
    ].join("\r\n") + "\r\n",
  );
}

const ROWS = [["LSUV", "lsuv", 0.5], ["Xavier <fan-in>", "xavier", 0.05]] as const;

/**
 * An experiment of two initializations and two activations, two seeds each: Xavier with tanh is n/c
 * once and pending once, the rest is done.
 */
export function experimentFolder() {
  const files: Record<string, Uint8Array> = {}, cells: unknown[] = [];
  for (const [row, init, base] of ROWS) {
    for (const column of ["ReLU", "tanh"]) {
      for (const seed of [0, 1]) {
        const run = `runs/${init}-${column}-${seed}`, cell = { row, column, seed, run };
        const odd = init === "xavier" && column === "tanh";
        if (odd && seed === 1) {
          cells.push({ ...cell, status: "pending" });
          continue;
        }
        const accuracies = odd ? [0.1, 0.1, 0.1] : [0.3, 0.5, 0.6 + 0.02 * seed];
        Object.assign(files, under(run, runFiles({ init, seed, accuracies })));
        files[`${run}/layers.csv`] = layersCsv(init, base);
        cells.push({
          ...cell,
          status: odd ? "n/c" : "done",
          accuracy: accuracies[2],
          loss: 1 - accuracies[2]!,
          epochs: 3,
          seconds: 90,
          imagesPerSecond: 1234,
          command: `deno task train:cifar --init ${init} --seed ${seed}`,
          ...(odd ? { message: "accuracy 0.1 is not above chance" } : {}),
        });
      }
    }
  }
  files["experiment.json"] = bytes(JSON.stringify({
    format: 1,
    task: "table3",
    title: "Table 3, made small",
    question: "Does LSUV help?",
    rows: ROWS.map(([row]) => row),
    columns: ["ReLU", "tanh"],
    measure: "test accuracy %",
    seeds: [0, 1],
    paper: { "LSUV": { ReLU: 92.11, tanh: 89.28 }, "Xavier <fan-in>": { ReLU: 60, tanh: "n/c" } },
    scaled: ["3 epochs instead of 230."],
    command: "deno task table3 --quick",
    version: "0.1.0",
    device: "cpu",
    dataset: {
      name: "CIFAR-10",
      fingerprint: "5f".repeat(32),
      train: 50_000,
      test: 10_000,
      note: "official files",
    },
    startedAt: "2026-01-02T03:04:05.000Z",
    cells,
  }));
  return folderOf(files);
}
