/**
 * The fingerprint of a training run: short texts on its net, loss, optimizer, data, batch size and seed,
 * equal for two runs exactly if they compute the same.
 *
 * @module
 */
import { sha256 } from "../../data/fingerprint.ts";
import type { Layer } from "../../nn/layer.ts";
import type { Optimizer } from "../../optim/mod.ts";
import type { Runtime } from "../../runtime/mod.ts";
import { signature } from "../../signature.ts";
import type { Data } from "../../host_data.ts";
import { type Params, placeholder, type Tensor } from "../../tensor.ts";
import { showSpec } from "../../spec.ts";
import { topological } from "../../graph.ts";
import { entries, leaves, mapTree } from "../../tree.ts";
import type { TrainingData } from "../input/training_data.ts";
import { storedName } from "../safetensors/params_file.ts";
import { type BestOptions, describeBest } from "../best.ts";
import { describePolicy, type NonFinitePolicy, STOP } from "../nonfinite/policy.ts";
import { differentiate, type Training } from "../objective.ts";
import { VERSION } from "./version.ts";
import type { Tuple } from "../../tuple.ts";

/** The fingerprint of a training run: texts, and lists of them, by what they describe. */
export type Fingerprint = Readonly<Record<string, string | readonly string[]>>;

/** Everything that determines the result of a training run. */
export interface Trained<P extends Params, S extends Params> extends Omit<Training<P>, "classes"> {
  readonly params: P;
  readonly optimizer: Optimizer<S>;
  readonly data: Pick<TrainingData, "examples" | "describe" | "resident">;
  readonly seed: number;
  readonly augment: boolean;
  /** The names of the metrics that it measures. */
  readonly metrics: readonly string[];
  readonly accumulate?: number | undefined;
  readonly averaging?: number | undefined;
  readonly best?: BestOptions | undefined;
  readonly policy?: NonFinitePolicy | undefined;
}

/** The key of the entry for batches made on the device; absent for batches made on the host. */
const BATCHES = "batches";

/** The keys of the entries of how parameters are updated, and of what is done about numbers that are not finite. */
const UPDATE = "what the optimizer computes, by its rule and rates";
const NON_FINITE = "numbers that are not finite";

/** A fingerprint with another one's optimizer, whose state must be alike, and policy. */
export function withUpdateOf(
  { [NON_FINITE]: _, ...fingerprint }: Fingerprint,
  other: Fingerprint,
): Fingerprint {
  const { [UPDATE]: rule = "", [NON_FINITE]: policy } = other;
  return { ...fingerprint, [UPDATE]: rule, ...(policy !== undefined && { [NON_FINITE]: policy }) };
}

/** Whether the device made the batches of the run to resume; undefined if none is resumed. */
export const isResident = (
  found: { readonly checkpoint?: { readonly trains: Fingerprint } } | undefined,
): boolean | undefined => found?.checkpoint && BATCHES in found.checkpoint.trains;

const LENGTH = 16;

const concatenate = async (...parts: (string | Data)[]) =>
  new Uint8Array(await new Blob(parts).arrayBuffer());

/** A short hash of a computation: ops, their attributes and shapes, and captured data. */
async function hashComputation(run: Runtime, given: readonly Tensor[], outputs: readonly Tensor[]) {
  const order = topological(outputs, (x) => given.includes(x));
  const constants = order.filter((x) => x.op.kind === "leaf" && !given.includes(x));
  const text = signature(order, [...given, ...constants], outputs);
  return (await sha256(await concatenate(text, ...await run.read(constants)))).slice(0, LENGTH);
}

const placeholdersLike = <T extends Params>(tree: T): T =>
  mapTree<Tensor, Tensor, T>((x) => placeholder(x), tree) as unknown as T;

const listSpecs = (tree: Params): string[] =>
  entries<Tensor>(tree).map(([path, x]) => `${storedName(path)} ${showSpec(x)}`);

const listKinds = (layer: Layer): string[] =>
  layer.layers ? [layer.kind, ...layer.layers.flatMap(listKinds)] : [layer.kind];

/** Hashes of the computations of the net, the loss with its gradients, and the optimizer. */
async function describeComputations<P extends Params, S extends Params>(
  run: Runtime,
  { params, optimizer, data: { examples }, ...training }: Trained<P, S>,
) {
  const images = placeholder(examples.images);
  const labels = placeholder(examples.labels),
    key = placeholder({ shape: [2], dtype: "u32" }),
    step = placeholder({ shape: [], dtype: "i32" });
  const weights = placeholdersLike(params), weightGradients = placeholdersLike(params);
  const state = placeholdersLike(optimizer.init(params));
  const given = [...leaves<Tensor>(weights), images, key];
  // As in a training step, where `jit` inside the net has no effect.
  const { value, grads, logits, fixed } = differentiate(training, weights, {
    images,
    labels,
    key,
    step,
  });
  const learned = fixed.filter((w) => w !== undefined);
  const updated = optimizer.step(weights, weightGradients, state);
  const outcome = [value, ...leaves<Tensor>(grads), ...learned];
  const update = leaves<Tensor>([weights, weightGradients, state]);
  return {
    state: listSpecs(state),
    net: await hashComputation(run, given, [logits]),
    loss: await hashComputation(run, [...given, labels, step], outcome),
    optimizer: await hashComputation(run, update, leaves<Tensor>(updated as Params)),
  };
}

/** What a training run may have besides; nothing of what it does not have, as in older checkpoints. */
const describeExtras = <P extends Params, S extends Params>(
  { accumulate = 1, averaging, best, policy = STOP }: Trained<P, S>,
): Fingerprint => ({
  ...(policy.action !== "stop" && { [NON_FINITE]: describePolicy(policy)! }),
  ...(accumulate > 1 && { "parts of a batch": String(accumulate) }),
  ...(averaging !== undefined && { "averaging of parameters": String(averaging) }),
  ...(best && { "the best epoch": describeBest(best) }),
});

/**
 * The fingerprint of a training run, from its graphs, which are not computed. Checkpoints store it, so its
 * names and texts must not change.
 */
export async function fingerprintTraining<P extends Params, S extends Params>(
  run: Runtime,
  trained: Trained<P, S>,
): Promise<Fingerprint> {
  const { net, params, data: { examples, resident }, seed, augment, metrics } = trained;
  const computations = await describeComputations(run, trained);
  const { train, test } = await trained.data.describe();
  return {
    "version of goodinit": VERSION,
    "training data": train,
    "test data": test,
    "batch": String(examples.images.shape[0]),
    "seed": String(seed),
    "augment": String(augment),
    ...(resident && { [BATCHES]: "made on the device" }),
    ...(metrics.length > 0 && { "metrics": metrics }),
    "parameters": listSpecs(params),
    "layers": listKinds(net),
    "what the net computes": computations.net,
    "what the loss computes, and gradients": computations.loss,
    "optimizer's state": computations.state,
    [UPDATE]: computations.optimizer,
    ...describeExtras(trained),
  };
}

/** The first difference of two fingerprints, as `NAME: expected …, found …`. */
export function findDifference(expected: Fingerprint, found: Fingerprint): string | undefined {
  for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const [ours, theirs] = [expected, found].map((all) => [all[name] ?? "none"].flat()) as Tuple<
      string[],
      2
    >;
    const length = Math.max(ours.length, theirs.length);
    const at = Array.from({ length }, (_, i) => i).find((i) => ours[i] !== theirs[i]);
    if (at !== undefined) {
      return `${name}: expected ${ours[at] ?? "none"}, found ${theirs[at] ?? "none"}`;
    }
  }
}
