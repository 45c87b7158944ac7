/**
 * Whole FitNets against PyTorch: loss and gradients at the start, parameters after three steps.
 *
 * The float64 interpreter takes seconds a step, so it runs the small nets here, and all of them where
 * the environment says GOODINIT_TESTS=all.
 */
import { assert } from "@std/assert";
import { mean } from "../../src/ops/mod.ts";
import { valueAndGrad } from "../../src/grad.ts";
import { MODELS } from "../../src/models/mod.ts";
import { hingeLoss, softmaxCrossEntropy } from "../../src/nn/mod.ts";
import { adam, type Optimizer, rmsprop, sgd } from "../../src/optim/mod.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import type { Spec } from "../../src/spec.ts";
import { leaves, unflatten } from "../../src/tree.ts";
import { filled, samples } from "../golden/fill.ts";
import { goldenTraining } from "../golden/read.ts";
import type { TrainModel, TrainRun } from "../golden/types.ts";
import { assertClose, forEachDevice } from "../devices.ts";
import { key } from "../../src/random.ts";
import type { Tuple } from "../../src/tuple.ts";

const ALL = Deno.env.get("GOODINIT_TESTS") === "all";
const models = goldenTraining().flatMap((file) => Object.entries(file.models));
const runs = goldenTraining().flatMap((file) => file.runs);

/** Which models the interpreter trains; of the others in FitNet-1 it takes the first gradient. */
const TRAINED = ["fitnetMnist-maxout", "fitnetMnist-maxout-hinge", "fitnet1-relu"];
const isSmall = (name: string) => name.startsWith("fitnetMnist") || name.startsWith("fitnet1-");

const LOSSES = { crossEntropy: softmaxCrossEntropy, hinge: hingeLoss };

function optimizerOf({ optimizer: { lr: rate, ...o } }: TrainRun): Optimizer {
  return o.name === "sgd"
    ? sgd({ ...o, learningRate: rate })
    : o.name === "rmsprop"
    ? rmsprop({ ...o, learningRate: rate })
    : adam({ ...o, learningRate: rate });
}

/** A net with its golden parameters and batch, and the jitted gradient of its loss. */
function start(run: Runtime, { net: name, activation, loss, input, labels, params }: TrainModel) {
  const net = MODELS[name]({ activation });
  const x = tensor(filled(input), input.shape), spec: Spec = x;
  const given = unflatten<unknown, Tensor, Tensor>(
    net.init(key(0), spec),
    params.map((p) => tensor(filled(p), p.shape)),
  ) as readonly Params[];
  const slope = run.jit((params: readonly Params[], x: Tensor, labels: Tensor) =>
    valueAndGrad((p: readonly Params[]) => mean(LOSSES[loss](net(p, x), labels)))(params)
  );
  const target = tensor(Int32Array.from(labels));
  return { given, slope: (params: readonly Params[]) => slope(params, x, target) };
}

const norm = (a: ArrayLike<number>, b?: ArrayLike<number>): number =>
  Math.sqrt(Array.from(a).reduce((sum, v, i) => sum + (v - (b?.[i] ?? 0)) ** 2, 0));

const readLeaves = async (run: Runtime, tree: Params): Promise<Float32Array[]> =>
  await run.read(leaves<Tensor>(tree)) as Float32Array[];

/** A trained parameter, before and after, against its golden samples and norms. */
function assertTrained(
  what: string,
  [before, after]: Tuple<Float32Array, 2>,
  golden: { readonly l2: number; readonly updateL2: number; readonly samples: readonly number[] },
): void {
  const absolute = 1e-4 * golden.l2 / Math.sqrt(after.length);
  assertClose(samples(after), golden.samples, { relative: 0, absolute }, what);
  assertClose([norm(after)], [golden.l2], { relative: 1e-5, absolute: 0 }, `${what}, norm`);
  const relative = { relative: 5e-4, absolute: 0 };
  assertClose([norm(after, before)], [golden.updateL2], relative, `${what}, update`);
}

for (const [name, model] of models) {
  const ofModel = runs.filter((r) => r.model === name);
  const first = ofModel[0]!.losses[0]!;
  const onReference = name !== "fitnet1-batch32" && isSmall(name) && !TRAINED.includes(name);
  if (model.params[0]!.gradL2 !== undefined && !ALL) {
    forEachDevice(`${name}: loss and gradients are PyTorch's`, async (run) => {
      const { given, slope } = start(run, model), [loss, grads] = slope(given);
      const [value] = await readLeaves(run, loss) as Tuple<Float32Array, 1>;
      assertClose(value, [first], { relative: 1e-5 });
      const norms = (await readLeaves(run, grads)).map((g) => norm(g));
      for (const [i, { name, gradL2 }] of model.params.entries()) {
        assertClose([norms[i]!], [gradL2!], { relative: 1e-4, absolute: 0 }, name);
      }
    }, onReference ? { devices: ["reference"] } : { devices: [] });
  }

  forEachDevice(`${name}: three steps are PyTorch's with every optimizer`, async (run) => {
    const { given, slope } = start(run, model);
    const begin = slope(given), before = await readLeaves(run, given);
    for (const golden of ofModel) {
      const rule = optimizerOf(golden);
      const step = run.jit((p: readonly Params[], g: readonly Params[], s: Params) =>
        rule.step(p, g, s)
      );
      const losses: number[] = [];
      let [loss, grads] = begin, params = given, state = rule.init(given);
      for (let i = 0; i < 3; i++) {
        losses.push((await readLeaves(run, loss))[0]![0]!);
        [params, state] = step(params, grads, state);
        if (i < 2 || !golden.params) [loss, grads] = slope(params);
      }
      if (!golden.params) losses.push((await readLeaves(run, loss))[0]![0]!);
      const expected = golden.losses.slice(0, losses.length);
      assertClose(losses, expected, { relative: 3e-5 }, golden.optimizer.name);
      const after = await readLeaves(run, params);
      const { l2, updateL2, samples } = golden.params ?? { l2: [], updateL2: [], samples: [] };
      l2.forEach((norm, i) =>
        assertTrained(
          `${golden.optimizer.name}, ${model.params[i]!.name}`,
          [before[i]!, after[i]!],
          { l2: norm, updateL2: updateL2[i]!, samples: samples[i]! },
        )
      );
    }
    assert(ofModel.length > 0);
  }, ALL || TRAINED.includes(name) ? {} : { devices: ["webgpu"] });
}
