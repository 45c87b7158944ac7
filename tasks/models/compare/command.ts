/**
 * `deno task compare`: whether trained nets differ, on the same images.
 *
 * @module
 */
import { counted } from "../../../src/counted.ts";
import type { Prepared } from "../../../src/data/mod.ts";
import type { Runtime } from "../../../src/runtime/mod.ts";
import { aligned } from "../../cli/align.ts";
import { baseName } from "../../cli/base_name.ts";
import { fromCaller } from "../../cli/caller.ts";
import { type Command, command, openDevice, TaskError } from "../../cli/command.ts";
import { DEVICE_OPTIONS } from "../../cli/device_options.ts";
import { fixed, signed } from "../../cli/format.ts";
import { fail, type Values } from "../../cli/option_table.ts";
import { imagesFrom, prepareInputs, withMean } from "../inputs.ts";
import { predictedClasses, predictLogits, type Predictor } from "../logits.ts";
import { openModel } from "../open.ts";
import { DATA_OPTIONS } from "../options.ts";
import type { Params } from "../../../src/tensor.ts";
import { compareGroups, type Comparison, type Judged } from "./compare_groups.ts";

const TABLE = {
  ...DATA_OPTIONS,
  split: {
    kind: "choice",
    choices: ["test", "train"] as const,
    default: "test",
    help: "The split to compare on.",
  },
  batch: { kind: "integer", from: 1, default: 128, help: "Images per batch." },
  ...DEVICE_OPTIONS,
} as const;

const COMPARE: Command<typeof TABLE> = {
  name: "compare",
  table: TABLE,
  page: {
    command: "deno task compare",
    about:
      "compare two trained nets, or two methods over several seeds, on the same images: how many images only " +
      "one of them has right, and how likely that is by chance.",
    operands: {
      names: [
        ["FIRST", "A run's folder or a weights file, or several, joined by commas."],
        ["SECOND", "The same of what it is compared with, as many, in the same order of seeds."],
      ],
      least: 2,
    },
    examples: [
      ["deno task compare runs/ortho runs/lsuv", "Two nets:"],
      [
        "deno task compare runs/ortho-s0,runs/ortho-s1 runs/lsuv-s0,runs/lsuv-s1",
        "Two methods, paired by seed:",
      ],
    ],
    notes: [
      "For each pair: McNemar's exact test, two-sided, of the images that only one of the two has right. It says " +
      "whether these two nets differ; a net of another seed may be another.",
      "Over at least two pairs: Student's paired t-test of the differences of accuracy, two-sided. It says whether " +
      "the methods differ over seeds.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

/** The paths of a group. */
const pathsOf = (text: string): readonly string[] =>
  text.split(",").map((path) => path.trim()).filter((path) => path !== "").map(fromCaller);

/** Whether each image's largest logit is at its label. */
async function judge(
  run: Runtime,
  predictor: Predictor<readonly Params[]>,
  images: Prepared,
  batch: number,
): Promise<readonly boolean[]> {
  const right: boolean[] = [];
  for await (const found of predictLogits(run, predictor, images, batch)) {
    right.push(...predictedClasses(found).map((predicted, i) => predicted === found.labels[i]));
  }
  return right;
}

/** Opens a net and judges it on the images of its own data set, or of the one that is given. */
async function judgeNet(
  run: Runtime,
  path: string,
  { batch, split, ...values }: Values<typeof TABLE>,
): Promise<Judged> {
  const trained = await openModel(path, {}), { model: saved, net, params } = trained;
  const source = { ...values, own: trained.data, pictures: trained.pictures };
  const images = await imagesFrom(saved, source, split);
  if (images.labels instanceof Float32Array) {
    throw new TaskError(`${path}: expected a net of classes, found one of numbers`);
  }
  const model = await withMean(saved, source);
  const prepared = await prepareInputs(run, model, trained.path, images);
  const right = await judge(run, { net, params, loss: saved.loss }, prepared, batch);
  return { name: baseName(path), right };
}

/** A probability as text. */
const probability = (p: number): string =>
  p < 1e-300 ? "< 1e-300" : p < 1e-4 ? p.toExponential(1) : p.toPrecision(2);

/** The comparison as text. */
export function comparisonText({ rows, over }: Comparison, images: number): string {
  const table = aligned([
    ["first", "second", "first %", "second %", "only first", "only second", "p"],
    ...rows.map((row) => [
      row.first,
      row.second,
      fixed(row.firstAccuracy, 2),
      fixed(row.secondAccuracy, 2),
      String(row.onlyFirst),
      String(row.onlySecond),
      probability(row.p),
    ]),
  ], 2);
  const lines = [...table, `${counted(images, "image")}; p: McNemar's exact test, two-sided`];
  if (!over) return lines.join("\n");
  const { mean, deviation, degrees, p } = over;
  return [
    ...lines,
    `second - first over ${counted(rows.length, "pair")}: ${signed(mean, 3)} ± ${
      fixed(deviation, 3)
    } points, ` +
    `paired t-test with ${counted(degrees, "degree")} of freedom: p ${probability(p)}`,
  ].join("\n");
}

async function work(operands: readonly string[], values: Values<typeof TABLE>): Promise<void> {
  const [firsts, seconds] = operands.map(pathsOf) as [readonly string[], readonly string[]];
  if (firsts.length !== seconds.length || firsts.length === 0) {
    fail(`SECOND: expected as many nets as FIRST, ${firsts.length}, found ${seconds.length}`);
  }
  const { device, threads } = values;
  await using run = await openDevice({ device, threads });
  const judged = new Map<string, Judged>();
  for (const path of new Set([...firsts, ...seconds])) {
    judged.set(path, await judgeNet(run, path, values));
  }
  const group = (paths: readonly string[]) => paths.map((path) => judged.get(path)!);
  const counts = new Set([...judged.values()].map(({ right }) => right.length));
  if (counts.size > 1) {
    throw new TaskError(
      `expected nets of the same images, found ${[...counts].join(" and ")} images`,
    );
  }
  console.log(comparisonText(compareGroups(group(firsts), group(seconds)), [...counts][0]!));
}

/** Runs the task; returns the exit code. */
export const compare = (args: readonly string[]): Promise<number> =>
  command(COMPARE, args, ({ values, operands }) => work(operands, values));
