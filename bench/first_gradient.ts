/**
 * Whether fast kernels change what is learned: the errors of loss, logits and the gradient of every
 * parameter against float64, in the first training step on images with flat regions; the same after some
 * steps in float64, with the errors of the parameters by then.
 *
 *     deno run -P=bench bench/first_gradient.ts [--data FOLDER] [--batch 16] [--steps 0] [--rate 0.002] [--only WORD] [WAY…]
 *
 * The folder must hold MNIST's or CIFAR-10's files, or folders that do. Errors are l2 norms of differences,
 * relative to the norm of the exact tensor.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { openCpu } from "../src/device/cpu/mod.ts";
import { openReference } from "../src/device/reference/mod.ts";
import { mean } from "../src/ops/mod.ts";
import { valueAndGrad } from "../src/grad.ts";
import { type Activation, fitnet1, fitnet4, fitnetMnist } from "../src/models/mod.ts";
import { type Layer, softmaxCrossEntropy } from "../src/nn/mod.ts";
import { sgd } from "../src/optim/mod.ts";
import { key } from "../src/random.ts";
import { open, type Runtime, runtimeOn } from "../src/runtime/mod.ts";
import { type Params, type Tensor, tensor } from "../src/tensor.ts";
import { entries, leaves, unflatten } from "../src/tree.ts";
import { relative } from "../tests/device/cpu/distance.ts";
import { flatImages, type Images } from "./flat_images.ts";

/** Ways to compute a step, by name. */
const WAYS: Readonly<Record<string, () => Runtime | Promise<Runtime>>> = {
  cpu: () => runtimeOn(openCpu()),
  "one thread": () => runtimeOn(openCpu(1)),
  direct: () => runtimeOn(openCpu(2, { winograd: "off" })),
  "F(2×2)": () => runtimeOn(openCpu(2, { winograd: "F2" })),
  "F(4×4)": () => runtimeOn(openCpu(2, { winograd: "F4" })),
  wide: () => runtimeOn(openCpu(2, { wide: true })),
  "no multiply-add": () => runtimeOn(openCpu(2, { madd: false })),
  webgpu: () => open({ device: "webgpu" }),
};

type Net = Layer<readonly Params[]>;
const NETS: Readonly<Record<string, (activation: Activation) => Net>> = {
  fitnetMnist: (activation) => fitnetMnist({ activation, dropout: 0 }),
  fitnet1: (activation) => fitnet1({ activation }),
  fitnet4: (activation) => fitnet4({ activation, dropout: 0 }),
};

/** A step of SGD: loss, logits, gradients, the next parameters and state. */
function stepper(run: Runtime, net: Net, { pixels, labels }: Images) {
  const optimizer = sgd({ learningRate: Number(rate), momentum: 0.9 });
  const jitted = run.jit((p: readonly Params[], s: Params, x: Tensor, y: Tensor) => {
    const loss = (p: readonly Params[]) => mean(softmaxCrossEntropy(net(p, x), y));
    const [value, gradient] = valueAndGrad(loss)(p);
    return [value, net(p, x), gradient, ...optimizer.step(p, gradient, s as never)] as const;
  });
  return async (params: readonly Params[], state: Params = optimizer.init(params)) => {
    const [loss, logits, gradient, next, nextState] = jitted(params, state, pixels, labels);
    const all = await run.read([loss, logits, ...leaves<Tensor>(gradient)]);
    return { all, next, nextState };
  };
}

/** Parameters copied to the host, so that every runtime can read them. */
async function onHost(run: Runtime, params: Params): Promise<readonly Params[]> {
  const all = leaves<Tensor>(params), numbers = await run.read(all) as Float32Array<ArrayBuffer>[];
  const copies = all.map(({ shape }, i) => tensor(numbers[i]!, shape));
  return unflatten<unknown, Tensor, Tensor>(params, copies) as readonly Params[];
}

/** Parameters after some steps. */
async function trained(
  run: Runtime,
  net: Net,
  images: Images,
  start: readonly Params[],
  n: number,
) {
  const step = stepper(run, net, images);
  let params = start, state: Params | undefined;
  for (let i = 0; i < n; i++) ({ next: params, nextState: state } = await step(params, state));
  return await onHost(run, params);
}

/** Prints columns. */
function print(columns: readonly (readonly string[])[]) {
  const widths = columns.map((c) => Math.max(...c.map((cell) => cell.length)) + 2);
  columns[0]!.forEach((_, row) =>
    console.log(columns.map((c, i) => c[row]!.padEnd(widths[i]!)).join("").trimEnd())
  );
}

/** Prints the errors of each way against float64 in one net's first step, and after some steps. */
async function compare(
  title: string,
  net: Net,
  images: Images,
  ways: readonly string[],
  n: number,
) {
  await using exactly = runtimeOn(openReference());
  const made = net.init(key(0), images.pixels), start = await onHost(exactly, made);
  const steps = n > 0 ? [0, n] : [0];
  console.log(`\n${title}`);
  const paths = entries<Tensor>(made).map(([path]) => path);
  const names = ["loss", "logits", ...paths];
  for (const after of steps) {
    const from = await trained(exactly, net, images, start, after);
    const { all: exact } = await stepper(exactly, net, images)(from);
    const columns = [[after > 0 ? `step ${after}` : "", ...names]];
    for (const way of ways) {
      await using run = await WAYS[way]!();
      const { all } = await stepper(run, net, images)(from);
      columns.push([way, ...all.map((x, i) => relative(x, exact[i]!).toExponential(1))]);
    }
    print(columns);
    if (after === 0) continue;
    const apart = [["params", ...paths]];
    for (const way of ways) {
      await using run = await WAYS[way]!();
      const [found, exact] = [await trained(run, net, images, start, after), from].map((p) =>
        leaves<Tensor>(p).map(({ data }) => data!)
      );
      apart.push([way, ...found!.map((x, i) => relative(x, exact![i]!).toExponential(1))]);
    }
    print(apart);
  }
}

const { data, batch, steps, rate, only, _: named } = parseArgs(Deno.args, {
  string: ["data", "batch", "steps", "rate", "only"],
  default: {
    data: Deno.env.get("GOODINIT_DATA"),
    batch: "16",
    steps: "0",
    rate: "0.002",
    only: "",
  },
});
const ways = named.length ? named.map(String) : Object.keys(WAYS);

for (const images of await flatImages(data, Number(batch))) {
  for (const [name, make] of Object.entries(NETS)) {
    if ((name === "fitnetMnist") !== (images.pixels.shape[3] === 1)) continue;
    for (const activation of ["relu", "maxout"] as const) {
      const title = `${name} ${activation}, ${images.name}`;
      if (title.includes(only)) await compare(title, make(activation), images, ways, Number(steps));
    }
  }
}
