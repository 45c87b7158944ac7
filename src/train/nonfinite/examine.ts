/**
 * Replays a training step with checks: the first of its numbers that are not finite.
 *
 * @module
 */
import { topological } from "../../graph.ts";
import type { Data } from "../../host_data.ts";
import type { Layer } from "../../nn/layer.ts";
import { type WatchedCall, watchLayers } from "../../nn/training_pass.ts";
import type { Optimizer } from "../../optim/mod.ts";
import type { Key } from "../../random.ts";
import type { Runtime } from "../../runtime/mod.ts";
import type { Params, Tensor } from "../../tensor.ts";
import { entries, leaves } from "../../tree.ts";
import type { Examples } from "../input/batch_tensors.ts";
import { differentiate, type Training } from "../objective.ts";
import type { NonFinite } from "./finding.ts";
import type { Snapshot } from "./recovery.ts";
import { isFine, measureTensor, type Statistics, statisticsOf } from "./statistics.ts";

/** A step to replay. */
export interface Replay<P extends Params, S extends Params> {
  readonly training: Training<P>;
  readonly optimizer: Optimizer<S>;
  /** What the step is computed from. */
  readonly start: Snapshot<P, S>;
  readonly key: Key;
  /** Steps taken before, i32[]. */
  readonly step: Tensor;
  /** Its batch, as the inputs of a compiled function. */
  readonly inputs: Params;
  readonly materialize: (inputs: Params) => Examples;
}

/** Something that is looked at, in the order in which a step computes it. */
interface Item extends Pick<NonFinite, "what" | "layer" | "parameter" | "op"> {
  readonly value: Tensor;
  /** What it was computed from. */
  readonly from?: Tensor;
}

/** The kinds of layers at the numbers of a path, the last one's. */
function kindAt(net: Layer, path: readonly number[]): string {
  const at = path.reduce<Layer | undefined>((layer, i) => layer?.layers?.[i], net);
  return at?.kind ?? net.kind;
}

const showLayer = (kind: string, path: readonly number[]): string =>
  `${path.map((i) => `[${i}]`).join("")} ${kind}`.trim();

/** The layer of a parameter, by its path: `[2][0].w` is of `[2][0] conv`. */
function layerOf(net: Layer, parameter: string): string {
  const path = [...parameter.matchAll(/\[(\d+)\]/g)].map(([, index]) => Number(index));
  return showLayer(kindAt(net, path), path);
}

/** The op that computes a tensor; that of its source where the tensor is a view. */
const opOf = (x: Tensor): string => x.op.kind === "view" && x.args[0] ? opOf(x.args[0]) : x.op.name;

/** Everything that a step computes, in order; gradients from the last layer's on. */
function itemsOf<P extends Params, S extends Params>(
  { training, optimizer, materialize }: Replay<P, S>,
  { params, state, key, step, inputs }: Given<P, S>,
): Item[] {
  const { images, labels } = materialize(inputs), calls: WatchedCall[] = [];
  const { value, grads, logits } = watchLayers(
    (call) => calls.push(call),
    () => differentiate(training, params, { images, labels, key, step }),
  );
  const [updated] = optimizer.step(params, grads, state), net = training.net as Layer;
  const named = (what: Item["what"], tree: Params): Item[] =>
    entries<Tensor>(tree).map(([parameter, value]) => ({
      what,
      parameter,
      layer: layerOf(net, parameter),
      ...(what === "gradient" && { op: opOf(value) }),
      value,
    }));
  return [
    { what: "images", value: images },
    ...named("parameter", params),
    ...calls.map(({ layer, path, x, output }): Item => ({
      what: "output",
      layer: showLayer(layer.kind, path),
      value: output,
      from: x,
    })),
    { what: "loss", value, from: logits },
    ...named("gradient", grads).reverse(),
    ...named("update", updated),
  ];
}

/** The arguments of the compiled replay. */
type Given<P extends Params, S extends Params> = {
  readonly params: P;
  readonly state: S;
  readonly key: Key;
  readonly step: Tensor;
  readonly inputs: Params;
};

/** Calls a function that describes the step, such as within a share of the batch. */
type Around = <T>(f: () => T) => T;

/** The first op between two tensors whose result is not finite. */
async function firstOp<P extends Params, S extends Params>(
  run: Runtime,
  replay: Replay<P, S>,
  given: Given<P, S>,
  { index, around }: { readonly index: number; readonly around: Around },
): Promise<string | undefined> {
  let nodes: Tensor[] = [];
  const measured = run.jit(function replayOps(given: Given<P, S>) {
    const { value, from } = around(() => itemsOf(replay, given))[index]!;
    const own = new Set(leaves<Tensor>(given));
    nodes = topological([value], (x) => x === from || own.has(x))
      .filter((x) => x !== from && x.op.kind !== "leaf" && x.dtype === "f32");
    return nodes.map(measureTensor);
  })(given);
  const found = await run.read(measured) as readonly Data[];
  return nodes.find((x, i) => !isFine(statisticsOf(found[i]!, x.size)))?.op.name;
}

/** Gradients whose squares are too large, each of which is finite: the largest. */
function largestGradient(
  items: readonly Item[],
  statistics: readonly Statistics[],
): number {
  const sizes = items.map(({ what }, i) => {
    if (what !== "gradient") return 0;
    const { least, most } = statistics[i]!;
    return Math.max(-least, most);
  });
  const most = Math.max(...sizes);
  return most > 1e18 ? sizes.indexOf(most) : -1;
}

/**
 * The first numbers of a step that are not finite; undefined if all are.
 *
 * @param around Calls the function that describes the step.
 */
export async function examineStep<P extends Params, S extends Params>(
  run: Runtime,
  replay: Replay<P, S>,
  around: Around = (f) => f(),
): Promise<NonFinite | undefined> {
  const { start: { params, state }, key, step, inputs } = replay;
  const given: Given<P, S> = { params, state, key, step, inputs };
  let items: Item[] = [];
  const measured = run.jit(function replayStep(given: Given<P, S>) {
    items = around(() => itemsOf(replay, given));
    return items.map((
      { value, from },
    ) => [measureTensor(value), from ? [measureTensor(from)] : []]);
  })(given);
  const found = await run.read(measured) as readonly (readonly [Data, readonly Data[]])[];
  const statistics = items.map(({ value }, i) => statisticsOf(found[i]![0], value.size));
  const first = statistics.findIndex((each) => !isFine(each));
  const overflow = largestGradient(items, statistics);
  const index = first < 0 || items[first]!.what === "update" && overflow >= 0 ? overflow : first;
  if (index < 0) return undefined;
  const { what, layer, parameter, op, from } = items[index]!, [data] = found[index]![1];
  const seen = from && data ? statisticsOf(data, from.size) : undefined;
  const input = seen && isFine(seen) && from?.dtype === "f32" ? seen : undefined;
  return {
    what,
    layer,
    parameter,
    op: op ?? (from ? await firstOp(run, replay, given, { index, around }) : undefined),
    input: input && { least: input.least, most: input.most },
    ...statistics[index]!,
  };
}
