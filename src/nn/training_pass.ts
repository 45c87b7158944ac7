/**
 * The forward pass of training: beside a net's output, what its layers learn without gradients, and the
 * outputs of its side branches.
 *
 * @module
 */
import type { Key } from "../random.ts";
import { alias } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { leaves, unflatten } from "../tree.ts";
import type { Layer, SideLoss } from "./layer.ts";
import { type Call, traverse } from "./traverse.ts";

/** The output of a side branch. */
export interface Side extends SideLoss {
  /** The branch's output. */
  readonly output: Tensor;
}

/** A forward pass of training. */
export interface TrainingPass<P extends Params = Params> {
  /** The net's output. */
  readonly output: Tensor;
  /** The parameters after the pass: others only where layers learn without gradients. */
  readonly params: P;
  /** The outputs of the side branches, in execution order. */
  readonly sides: readonly Side[];
}

/** A call of a layer in a training pass, with its output. */
export interface WatchedCall extends Pick<Call, "layer" | "params" | "x"> {
  /** The indices of the layer in the composed layers around it; of a custom layer's parts, those of that layer. */
  readonly path: readonly number[];
  readonly output: Tensor;
}

let watch: ((call: WatchedCall) => void) | undefined;

/** Calls `f`, and passes the calls of layers in its training passes to `see`, each after those inside it. */
export function watchLayers<R>(see: (call: WatchedCall) => void, f: () => R): R {
  const outer = watch;
  watch = see;
  try {
    return f();
  } finally {
    watch = outer;
  }
}

/** A tree of the same structure with other leaves. */
const withLeaves = <P extends Params>(params: P, to: readonly Tensor[]): P =>
  unflatten<unknown, Tensor, Tensor>(params, to) as P;

/** Collects what happens beside the output of a net that runs. */
class Observation {
  readonly sides: Side[] = [];
  readonly #replaced = new Map<Tensor, Tensor>();
  readonly #share: number | undefined;
  /** The side branch that is called next. */
  #branch: SideLoss | undefined;
  /** Where the layer is that is being called. */
  #path: readonly number[] = [];

  constructor(share: number | undefined) {
    this.#share = share;
  }

  /** A parameter after the calls so far; undefined if no layer has learned it. */
  after(w: Tensor): Tensor | undefined {
    return this.#replaced.get(w);
  }

  /** The output of a layer that is called. */
  call(call: Call): Tensor {
    const { layer, params, x, part } = call, branch = this.#branch, outer = this.#path;
    const path = part === undefined ? outer : [...outer, part];
    this.#branch = call.training ? layer.side : undefined;
    this.#path = path;
    const output = call.descend(this.#observe(call), x);
    this.#branch = undefined;
    this.#path = outer;
    watch?.({ layer, params, x, path, output });
    if (branch) this.sides.push({ ...branch, output });
    return output;
  }

  /**
   * Lets the layer see its input, unless a layer around it calls it as in evaluation; returns the parameters
   * to apply it with.
   */
  #observe({ layer, params, x, training }: Call): Params {
    if (!layer.observe || (!training && this.#share === undefined)) return params;
    const before = leaves<Tensor>(params), now = before.map((w) => this.after(w) ?? w);
    const seen = layer.observe(withLeaves(params, now), x, this.#share);
    for (const [i, w] of leaves<Tensor>(seen).entries()) {
      if (w !== now[i]) this.#replaced.set(before[i]!, w);
    }
    return this.#share === undefined ? params : seen;
  }
}

/** The leaves of a tree, in which none is the same tensor as another, so that each can be told apart. */
function distinctLeaves(params: Params): Tensor[] {
  const seen = new Set<Tensor>();
  return leaves<Tensor>(params).map((w) => {
    const own = seen.has(w) ? alias(w) : w;
    seen.add(own);
    return own;
  });
}

function observePass<P extends Params>(
  net: Layer<P>,
  params: P,
  x: Tensor,
  key: Key | undefined,
  share?: number,
): TrainingPass<P> {
  const observation = new Observation(share), own = distinctLeaves(params);
  const output = traverse(
    net as Layer,
    withLeaves(params, own),
    x,
    key,
    (call) => observation.call(call),
  );
  const given = leaves<Tensor>(params),
    after = own.map((w, i) => observation.after(w) ?? given[i]!);
  return { output, params: withLeaves(params, after), sides: observation.sides };
}

/**
 * Applies a net as in training, with dropout and batch statistics, and returns with its output all that
 * training needs beside it: the parameters with what layers learned without gradients (the running
 * statistics of {@linkcode batchNorm}; the same tensors elsewhere), and the outputs of side branches
 * ({@linkcode companion}). `fit` and `trainStep` do this; it is for training loops of one's own.
 *
 * @example
 * ```ts
 * import { key, nn, normal, ops, optim, sequential, valueAndGrad } from "@goodinit/goodinit";
 *
 * const net = sequential(nn.dense(8), nn.batchNorm(), nn.relu, nn.dense(1));
 * const x = normal(key(1), [16, 4]), start = net.init(key(0), x);
 * const optimizer = optim.sgd({ learningRate: 0.1 });
 * const [[_, learned], grads] = valueAndGrad((p: typeof start) => {
 *   const { output, params } = nn.trainingPass(net, p, x, key(2));
 *   return [ops.mean(ops.mul(output, output)), params[1]] as const;
 * })(start);
 * const [next] = optimizer.step(start, grads, optimizer.init(start));
 * const { mean, variance } = learned;
 * const params = next.with(1, { ...next[1], mean, variance });
 * console.assert(params.length === 4);
 * ```
 */
export const trainingPass = <P extends Params>(
  net: Layer<P>,
  params: P,
  x: Tensor,
  key: Key,
): TrainingPass<P> => observePass(net, params, x, key);

/**
 * Calibrates a net: replaces what its layers learn without gradients, such as running statistics, by what
 * one batch shows; each layer sees x as the calibrated layers before it leave it. A pure fold over the
 * layers in execution order, as `lsuv` is.
 *
 * @param x A batch of inputs, as large as fits: its statistics are those of evaluation from then on.
 * @param key If given, dropout is active.
 *
 * @example
 * ```ts
 * import { key, nn, normal, open, ops, sequential } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.dense(8), nn.batchNorm()), x = normal(key(1), [64, 4]);
 * const params = nn.calibrate(net, net.init(key(0), x), x);
 * const [variance] = await run.read([ops.variance(net(params, x))]);
 * console.assert(Math.abs(variance![0]! - 1) < 0.05);
 * ```
 */
export const calibrate = <P extends Params>(
  net: Layer<P>,
  params: P,
  x: Tensor,
  key?: Key,
): P => observePass(net, params, x, key, 1).params;
