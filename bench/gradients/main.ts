/**
 * `deno task bench:gradients`: how much of the first gradient reaches the layers of FitNet-4. See `--help`.
 *
 * @module
 */
import {
  type Command,
  command,
  commandText,
  DEVICE_OPTIONS,
  openDevice,
  type Values,
} from "../../tasks/cli/mod.ts";
import { drawInto } from "../figure_file.ts";
import { machineHere } from "../machine.ts";
import { newResultPath, writeResult } from "../result_file.ts";
import { gradientFigure } from "./figure.ts";
import { ACTIVATIONS, type FirstGradient, firstGradient, SHOWN_LAYERS, STARTS } from "./norms.ts";

const TABLE = {
  batch: { kind: "integer", from: 1, default: 32, help: "Images in the batch." },
  seed: { kind: "integer", from: 0, default: 0, help: "The random seed." },
  ...DEVICE_OPTIONS,
  out: {
    kind: "path",
    value: "FILE",
    help: "The file of the results as JSON; the figure is written beside it.",
    otherwise: "a new file in bench/results",
  },
} as const;

const GRADIENTS: Command<typeof TABLE> = {
  name: "bench:gradients",
  table: TABLE,
  page: {
    command: "deno task bench:gradients",
    about:
      "measure how much of the first gradient reaches the layers of FitNet-4, from the initial " +
      "weights of the paper's table 3.",
    examples: [["deno task bench:gradients --device cpu", "All activations that train:"]],
    notes: [
      "The norm of the gradient of the mean loss in the weights of each layer, on a batch of Gaussian noise " +
      "with random labels, without dropout.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

const names = <T extends object>(record: T) => Object.keys(record) as (keyof T)[];

const line = ({ activation, start, loss, norms }: FirstGradient): string =>
  [activation.padEnd(8), start.padEnd(14), loss.toFixed(4).padStart(8)].join(" ") +
  Object.values(SHOWN_LAYERS).map((i) => (norms[i] ?? NaN).toExponential(2).padStart(12)).join("");

async function work(values: Values<typeof TABLE>, args: readonly string[]): Promise<void> {
  const { batch, seed, device, threads, out } = values;
  const machine = await machineHere(), found: FirstGradient[] = [];
  await using run = await openDevice({ device, threads });
  console.log(`${run.description}, batch ${batch}: norm of the gradient`);
  console.log("activation  init            loss  first conv  ninth conv   last conv  classifier");
  for (const activation of names(ACTIVATIONS)) {
    for (const start of names(STARTS)) {
      const net = await firstGradient(run, { activation, start, batch, seed });
      console.log(line(net));
      found.push(net);
    }
  }
  const path = out ?? await newResultPath(`${machine.date}-gradients`);
  const words = commandText(["deno", "task", "bench:gradients", ...args]);
  await writeResult(path, {
    ...machine,
    command: words,
    device: { name: run.device, description: run.description },
    batch,
    seed,
    nets: found,
  });
  console.log(`\n${path}`);
  const caption = `FitNet-4 on ${batch} images of Gaussian noise with random labels.`;
  const figure = gradientFigure(found, caption);
  await drawInto(path.replace(/(\.json)?$/, ".svg"), figure, "bench:gradients");
}

/** Runs the task; returns the exit code. */
export const gradients = (args: readonly string[]): Promise<number> =>
  command(GRADIENTS, args, ({ values }) => work(values, args));

if (import.meta.main) Deno.exit(await gradients(Deno.args));
