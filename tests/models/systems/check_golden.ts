/**
 * Compares a net with PyTorch's: sizes of all parameters, and three training steps.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { ShrinkOptions } from "../../../src/models/shrink.ts";
import { type Layer, type Loss, LOSSES } from "../../../src/nn/mod.ts";
import { sgd } from "../../../src/optim/mod.ts";
import { key } from "../../../src/random.ts";
import type { Runtime } from "../../../src/runtime/mod.ts";
import { initialCarry, type Objective, trainStep } from "../../../src/train/mod.ts";
import { type Params, type Tensor, tensor } from "../../../src/tensor.ts";
import { entries, leaves, unflatten } from "../../../src/tree.ts";
import { assertClose, forEachDevice, type Tested } from "../../devices.ts";
import { filled } from "../../golden/fill.ts";
import type {
  SystemFile,
  SystemOptions,
  SystemParam,
  SystemTensor,
  SystemTraining,
} from "../../golden/systems/types.ts";

/** Reads systems/NAME.json of the golden files. */
export const goldenSystem = (name: string): SystemFile =>
  JSON.parse(
    Deno.readTextFileSync(new URL(`../../golden/systems/${name}.json`, import.meta.url)),
  );

/** How a net is compared. */
export interface GoldenCheck {
  /** Builds the net without dropout, from the options in the golden file. */
  readonly create: (options: SystemOptions) => Layer;
  /** The loss of its output; softmax cross-entropy if left out. */
  readonly loss?: Loss;
  /** Builds the net whose output the objective compares with, from its options. */
  readonly teacher?: (options: SystemOptions) => Layer;
  /** What is minimized, given the teacher's output; the loss of the outputs if left out. */
  readonly objective?: (target: Tensor) => Objective;
  /** The devices that train it; `reference` and `cpu` if left out. */
  readonly devices?: readonly Tested[];
}

/** The options of models whose channels are divided, from a factor of them. */
export const shrinkOf = ({ width = 1 }: SystemOptions): Pick<ShrinkOptions, "shrink"> => ({
  shrink: `${1 / Number(width)}` as NonNullable<ShrinkOptions["shrink"]>,
});

const norm = (a: Float32Array, b?: Float32Array): number =>
  Math.sqrt(a.reduce((sum, v, i) => sum + (v - (b?.[i] ?? 0)) ** 2, 0));

/** The elements that the files keep: evenly, from first to last. */
const samples = (data: Float32Array): number[] =>
  Array.from({ length: 6 }, (_, k) => data[Math.floor(k * (data.length - 1) / 5)]!);

const startOf = ({ offset = 0, ...fill }: SystemParam): Tensor =>
  tensor(filled(fill).map((v) => v + offset), fill.shape);

/** The paths and shapes of a net's parameters in order, for one example. */
const shapesOf = (net: Layer, input: readonly number[]): [path: string, shape: number[]][] =>
  entries<Tensor>(net.init(key(0), { shape: [1, ...input], dtype: "f32" }))
    .map(([path, { shape }]) => [path, [...shape]]);

const isTrained = (path: string): boolean => !/\.(mean|variance)$/.test(path);

const sizeOf = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

/** Checks the sizes of the net, at full size and as it is trained. */
function checkSizes({ full, training }: SystemFile, { create }: GoldenCheck): void {
  const whole = shapesOf(create(full.options), full.input);
  assertEquals(whole.map(([, shape]) => shape), full.shapes, "shapes at full size");
  const sizes = whole.map(([path, shape]) => isTrained(path) ? sizeOf(shape) : 0);
  assertEquals(sizes.reduce((a, b) => a + b, 0), full.count, "parameters");
  const small = shapesOf(create(training.options), training.input.shape.slice(1));
  const shapes = small.map(([, shape]) => shape);
  assertEquals(shapes, training.params.map(({ shape }) => shape), "shapes of the small net");
}

/** A tensor after the steps, against its golden samples and norms. */
function checkTensor(
  what: string,
  before: Float32Array,
  after: Float32Array,
  golden: SystemTensor,
  spread: SystemTraining["spread"],
): void {
  const size = golden.l2 / Math.sqrt(after.length);
  const near = Math.max(1e-4, 5 * spread.samples) * size;
  assertClose(samples(after), golden.samples, { relative: 0, absolute: near }, what);
  const sum = after.reduce((a, b) => a + b, 0), root = Math.sqrt(after.length);
  const ofSum = { relative: 0, absolute: near * root };
  assertClose([sum], [golden.sum], ofSum, `${what}, sum`);
  assertClose([norm(after)], [golden.l2], { relative: 1e-4, absolute: 0 }, `${what}, norm`);
  const relative = Math.max(1e-3, 5 * spread.updateL2);
  const ofUpdate = { relative, absolute: 1e-6 * golden.l2 };
  assertClose([norm(after, before)], [golden.updateL2], ofUpdate, `${what}, update`);
}

/** A net's parameters as a golden file has them. */
const paramsOf = (net: Layer, input: readonly number[], params: readonly SystemParam[]): Params =>
  unflatten<unknown, Tensor, Tensor>(
    net.init(key(0), { shape: input, dtype: "f32" }),
    params.map(startOf),
  ) as Params;

/** The objective of a net with a teacher; undefined without one. */
function taughtObjective(golden: SystemTraining, check: GoldenCheck, x: Tensor) {
  const { teacher } = golden;
  if (!teacher) return undefined;
  const net = check.teacher!(teacher.options);
  return check.objective!(net(paramsOf(net, x.shape, teacher.params), x));
}

/** Trains three steps and one more for its loss; checks the losses, the output and all parameters. */
async function checkSteps(run: Runtime, golden: SystemTraining, check: GoldenCheck): Promise<void> {
  const net = check.create(golden.options), { loss = LOSSES.softmax } = check;
  const x = tensor(filled(golden.input), golden.input.shape);
  const params = paramsOf(net, x.shape, golden.params);
  const objective = taughtObjective(golden, check, x);
  const optimizer = sgd(golden.optimizer);
  const step = run.jit(trainStep({ net, loss, optimizer, objective }));
  const labels = tensor(Int32Array.from(golden.labels)), first = tensor(1, [], "u32");
  const read = async (params: Params) =>
    await run.read(leaves<Tensor>(params)) as readonly Float32Array[];

  const losses: number[] = [], before = await read(params);
  let carry = initialCarry(params, optimizer, key(0)), ends = params;
  for (let i = 0; i < golden.losses.length; i++) {
    ends = carry.params;
    [carry] = step(carry, { images: x, labels, first });
    const [sum] = await run.read([carry.metrics.loss]);
    losses.push(sum![0]! / golden.labels.length);
  }
  const near = { relative: Math.max(1e-4, 5 * golden.spread.losses) };
  assertClose(losses, golden.losses, near, "losses");
  const [output] = await run.read([run.jit((p: Params, x: Tensor) => net(p, x))(ends, x)]);
  const { data } = golden.output, size = norm(Float32Array.from(data)) / Math.sqrt(data.length);
  const absolute = Math.max(1e-4, 5 * golden.spread.output) * size;
  assertClose(output!, data, { relative: 0, absolute }, "output in evaluation");
  for (const [i, after] of (await read(ends)).entries()) {
    const { name } = golden.params[i]!;
    checkTensor(name, before[i]!, after, golden.after[i]!, golden.spread);
  }
}

/**
 * Registers the tests of a net: its parameters at full size have the shapes, in order, and the number that
 * its source gives, and three training steps are PyTorch's.
 *
 * @param name Of the golden file, systems/NAME.json.
 */
export function checkGolden(name: string, check: GoldenCheck): void {
  const golden = goldenSystem(name), devices = check.devices ?? ["reference", "cpu"];
  Deno.test(`${name}: parameters are those of ${golden.source}`, () => checkSizes(golden, check));
  forEachDevice(
    `${name}: three training steps are PyTorch's`,
    async (run) => await checkSteps(run, golden.training, check),
    { devices },
  );
}
