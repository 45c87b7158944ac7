/**
 * `deno task tune`: finds the fastest tiles for a GPU.
 *
 * @module
 */
import { MODELS } from "../../src/models/mod.ts";
import { sgd } from "../../src/optim/mod.ts";
import { key } from "../../src/random.ts";
import type { Runtime, Tuned } from "../../src/runtime/mod.ts";
import { placeholder } from "../../src/tensor.ts";
import { LOSSES } from "../../src/nn/mod.ts";
import { initialCarry, trainStep } from "../../src/train/mod.ts";
import { aligned } from "../cli/align.ts";
import { type Command, command, openDevice } from "../cli/command.ts";
import { buildNet, imageSpec, type ModelSpec, modelTitle, preparingTask } from "../models/model.ts";
import { tilesFile } from "../cli/tiles_file.ts";
import { trainTable } from "./options/mod.ts";
import { netRecipe } from "./recipes/mod.ts";
import { parseModel } from "../models/parse_model.ts";
import type { Values } from "../cli/option_table.ts";

/** A net whose layers can be tuned. */
type NetName = keyof typeof MODELS;

/** The nets of the training tasks, tuned unless one is named. */
const DEFAULT_NETS = ["fitnet1", "fitnet4", "fitnetMnist"] as const satisfies readonly NetName[];

const TABLE = {
  net: {
    kind: "choice",
    choices: Object.keys(MODELS),
    help: "The network whose layers are tuned.",
    otherwise: DEFAULT_NETS.join(", "),
  },
  activation: trainTable("cifar").activation,
  batch: {
    kind: "integer",
    from: 1,
    help: "Images per batch; each batch size is tuned separately.",
    otherwise: "that of the net's recipe",
  },
} as const;

const TUNE: Command<typeof TABLE> = {
  name: "tune",
  table: TABLE,
  page: {
    command: "deno task tune",
    about:
      "find the fastest tiles for the matrix products and convolutions of a training step on this GPU, by " +
      "timing them.",
    examples: [
      ["deno task tune", "All of the paper's networks, at their default batch sizes:"],
      ["deno task tune --net fitnet4 --batch 256", "One network, at a batch of your own:"],
    ],
    notes: [
      "Results are stored in tiles.json in the cache folder ($GOODINIT_CACHE, else goodinit in the user's " +
      "cache folder), by the name of the adapter; training tasks read them from there. Delete the file to " +
      "start over, for instance after a change of the driver.",
      "Tuning changes no results of training: every tile sums in the same order.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

/** The batch size of a net's own recipe, else of its training task. */
function defaultBatch(model: ModelSpec): number {
  const task = preparingTask(model);
  return netRecipe(model.net, task, model.dataset)?.batch ?? trainTable(task).batch.default;
}

/** Tunes the training step of a net; prints the net, and returns the tiles that were found. */
async function tuneNet(
  run: Runtime,
  name: NetName,
  { activation, batch }: Values<typeof TABLE>,
): Promise<readonly Tuned[]> {
  const model = parseModel({ net: name, ...activation && { activation } }), net = buildNet(model);
  const size = batch ?? defaultBatch(model);
  const images = imageSpec(model, size), optimizer = sgd({ learningRate: 0.01, momentum: 0.9 });
  console.log(`\n${modelTitle(model)}, batches of ${size}`);
  return await run.tune(
    trainStep({ net, loss: LOSSES[model.loss], optimizer }),
    initialCarry(net.init(key(0), images), optimizer, key(1)),
    {
      images: placeholder(images),
      labels: placeholder({ shape: [size], dtype: "i32" }),
      first: placeholder({ shape: [], dtype: "u32" }),
    },
  );
}

/** The tiles that were found, one line per kernel. */
function formatTiles(found: readonly Tuned[]): string[] {
  const rows = found.map(({ product, trials: [best, next], gflops }) => [
    product,
    best!.tile,
    `${best!.ms.toFixed(3)} ms`,
    `${gflops.toFixed(0)} GFLOP/s`,
    next ? `${(next.ms / best!.ms).toFixed(2)} times ${next.tile}` : "",
  ]);
  return aligned([["product", "tile", "", "", "next best"], ...rows], 2);
}

async function work(values: Values<typeof TABLE>): Promise<void> {
  await using run = await openDevice({ device: "webgpu" });
  console.log(run.description);
  let any = false;
  for (const name of values.net ? [values.net as NetName] : DEFAULT_NETS) {
    const found = await tuneNet(run, name, values);
    any ||= found.length > 0;
    console.log(
      found.length > 0
        ? formatTiles(found).join("\n")
        : "nothing to tune: all of its sizes are tuned already, or the adapter is not a GPU",
    );
  }
  if (any) console.log(`\nstored in ${tilesFile() ?? "memory only: no cache folder is known"}`);
}

/** Runs the task; returns the exit code. */
export const tune = (args: readonly string[]): Promise<number> =>
  command(TUNE, args, ({ values }) => work(values));
