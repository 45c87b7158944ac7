/**
 * The three kernels of a 3×3 convolution on the CPU device, direct and by Winograd's algorithms, at the
 * sizes of FitNets or at given ones: GFLOP/s, counted as direct convolution needs them, and the largest
 * distance from float64 as a share of the root of the mean square.
 *
 *     deno run -A bench/convolution.ts [--wide] [--threads N] [BATCH×SIZE×IN×OUT]...
 *
 * One line of JSON a size. `--wide` needs the flags of the task `train:cifar:fast`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { openCpu } from "../src/device/cpu/mod.ts";
import { evaluate } from "../src/device/reference/evaluate.ts";
import { grad, ops, type Tensor, tensor } from "../mod.ts";
import { type Runtime, runtimeOn } from "../src/runtime.ts";
import { distance } from "../tests/device/cpu/distance.ts";
import { fill } from "../tests/golden/fill.ts";
import { median, round } from "./measure.ts";

const { conv2d, mul, sum } = ops;

const SIZES = ["32×32×16×32", "32×32×32×64", "32×16×80×160", "32×8×128×256"];
const ALGORITHMS = ["off", "F2", "F4"] as const;

type Kernel = (x: Tensor, w: Tensor, y: Tensor) => Tensor;

const KERNELS: Readonly<Record<string, Kernel>> = {
  forward: (x, w) => conv2d(x, w, { padding: 1 }),
  inputGradient: (x, w, y) => grad((x: Tensor) => sum(mul(conv2d(x, w, { padding: 1 }), y)))(x),
  weightGradient: (x, w, y) => grad((w: Tensor) => sum(mul(conv2d(x, w, { padding: 1 }), y)))(w),
};

/** Tensors of a size, for the given number of images. */
function tensorsOf([, size, channels, out]: readonly number[], batch: number) {
  const filled = (shape: number[], seed: number, scale: number) =>
    tensor(fill(shape.reduce((a, b) => a * b, 1), seed, scale), shape);
  return [
    filled([batch, size, size, channels], 1, 1),
    filled([3, 3, channels, out], 2, 0.1),
    filled([batch, size, size, out], 3, 1),
  ] as const;
}

/** The median milliseconds of a kernel on tensors that lie on the device. */
async function time(run: Runtime, kernel: Kernel, inputs: readonly Tensor[]): Promise<number> {
  const call = run.jit(kernel),
    drop = run.jit((_: Tensor): readonly Tensor[] => [], { donate: [0] });
  const there = inputs.map((x) => run.jit((x: Tensor) => mul(x, 1))(x)) as [Tensor, Tensor, Tensor];
  const times: number[] = [];
  const repeat = (budget: number) => {
    for (const end = performance.now() + budget; performance.now() < end;) {
      const from = performance.now(), result = call(...there);
      times.push(performance.now() - from);
      drop(result);
    }
  };
  repeat(100);
  await run.read(call(...there));
  times.length = 0;
  repeat(500);
  return median(times);
}

const args = parseArgs(Deno.args, { boolean: ["wide"], string: ["threads"] });
const threads = args.threads === undefined ? undefined : Number(args.threads);
for (const name of args._.length > 0 ? args._.map(String) : SIZES) {
  const size = name.split(/[×x]/).map(Number), [batch, side, channels, out] = size;
  const gflop = 2 * batch * side * side * 9 * channels * out / 1e9;
  const inputs = tensorsOf(size, batch), few = tensorsOf(size, 1);
  const exact = Object.values(KERNELS).map((kernel) => evaluate([kernel(...few)])[0]);
  const row: Record<string, unknown> = { size: name };
  for (const winograd of ALGORITHMS) {
    await using run = runtimeOn(openCpu(threads, { winograd, wide: args.wide }));
    row.device ??= run.description;
    const gflops: Record<string, number> = {}, error: Record<string, string> = {};
    for (const [i, [key, kernel]] of Object.entries(KERNELS).entries()) {
      gflops[key] = round(gflop / await time(run, kernel, inputs) * 1000, 1);
      const found = await run.read(run.jit(kernel)(...few));
      error[key] = distance(found, exact[i]).toExponential(1);
    }
    row[winograd === "off" ? "direct" : winograd] = { gflops, error };
  }
  console.log(JSON.stringify(row));
}
