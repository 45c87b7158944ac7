/**
 * What a training is, in short texts that are equal exactly if it comes to the same: the net's layers
 * and parameters, what net, loss and optimizer compute, the data, the batch, the seed.
 *
 * @module
 */
import { fingerprint as fingerprintOfData, sha256 } from "../../data/fingerprint.ts";
import type { Prepared } from "../../data/mod.ts";
import { valueAndGrad } from "../../grad.ts";
import type { Layer } from "../../nn/layer.ts";
import { mean } from "../../ops/mod.ts";
import type { Optimizer } from "../../optim/mod.ts";
import type { Runtime } from "../../runtime/mod.ts";
import { signature } from "../../signature.ts";
import type { Data } from "../../host_data.ts";
import { type Params, placeholder, type Tensor } from "../../tensor.ts";
import { showSpec } from "../../spec.ts";
import { topological } from "../../graph.ts";
import { entries, leaves, mapTree } from "../../tree.ts";
import { type Loss, lossOf } from "../losses.ts";
import { storedName } from "../safetensors/params_file.ts";
import { VERSION } from "./version.ts";
import type { Tuple } from "../../tuple.ts";

/** What a training is: texts, and lists of them, by what they say. */
export type Fingerprint = Readonly<Record<string, string | readonly string[]>>;

/** What decides a training. */
export interface Trained<P extends Params, S extends Params> {
  readonly net: Layer<P>;
  readonly params: P;
  readonly optimizer: Optimizer<S>;
  readonly loss: Loss;
  readonly train: Prepared;
  readonly test?: Prepared | undefined;
  readonly batch: number;
  readonly seed: number;
  readonly augment: boolean;
  /** Whether the device makes the batches. */
  readonly resident: boolean;
}

/** What the fingerprint says of batches that the device makes; nothing of others. */
const BATCHES = "batches";

/** Whether the device made the batches of a training that goes on; undefined where none does. */
export const isResident = (
  found: { readonly checkpoint?: { readonly trains: Fingerprint } } | undefined,
): boolean | undefined => found?.checkpoint && BATCHES in found.checkpoint.trains;

const LENGTH = 16;

const bytesOf = async (...parts: (string | Data | Float64Array<ArrayBuffer>)[]) =>
  new Uint8Array(await new Blob(parts).arrayBuffer());

/** A short hash of what is computed: ops, their constants and shapes, data that is closed over. */
async function computation(run: Runtime, given: readonly Tensor[], outputs: readonly Tensor[]) {
  const order = topological(outputs, (x) => given.includes(x));
  const constants = order.filter((x) => x.op.kind === "leaf" && !given.includes(x));
  const text = signature(order, [...given, ...constants], outputs);
  return (await sha256(await bytesOf(text, ...await run.read(constants)))).slice(0, LENGTH);
}

const placeholdersLike = <T extends Params>(tree: T): T =>
  mapTree<Tensor, Tensor, T>((x) => placeholder(x), tree) as unknown as T;

const specsOf = (tree: Params): string[] =>
  entries<Tensor>(tree).map(([path, x]) => `${storedName(path)} ${showSpec(x)}`);

const kindsOf = (layer: Layer): string[] =>
  layer.layers ? [layer.kind, ...layer.layers.flatMap(kindsOf)] : [layer.kind];

async function dataOf({ dataset, scale, offset, mean, augmentation }: Prepared): Promise<string> {
  const variation = JSON.stringify(augmentation ?? null);
  const sum = await sha256(
    await bytesOf(await fingerprintOfData(dataset), scale, offset, mean, variation),
  );
  return `${dataset.name}, ${dataset.count} images, ${sum.slice(0, LENGTH)}`;
}

/** The fingerprint of a training. Nothing of it is computed but hashes. */
export async function fingerprintOf<P extends Params, S extends Params>(
  run: Runtime,
  { net, params, optimizer, loss, train, test, batch, seed, augment, resident }: Trained<P, S>,
): Promise<Fingerprint> {
  const { height, width, channels } = train.dataset;
  const images = placeholder({ shape: [batch, height, width, channels], dtype: "f32" });
  const labels = placeholder({ shape: [batch], dtype: "i32" }),
    key = placeholder({ shape: [2], dtype: "u32" });
  const weights = placeholdersLike(params), slopes = placeholdersLike(params);
  const state = placeholdersLike(optimizer.init(params)),
    given = [...leaves<Tensor>(weights), images, key];
  let scores!: Tensor;
  // As a step of training does, where compiled functions inside the net are just functions.
  const [value, gradients] = valueAndGrad((weights: P) => {
    scores = net(weights, images, key);
    return mean(lossOf(loss, scores, labels));
  })(weights);
  const stepped = optimizer.step(weights, slopes, state);
  return {
    "version of goodinit": VERSION,
    "training data": await dataOf(train),
    "test data": test ? await dataOf(test) : "none",
    "batch": String(batch),
    "seed": String(seed),
    "augment": String(augment),
    ...(resident && { [BATCHES]: "made on the device" }),
    "parameters": specsOf(params),
    "layers": kindsOf(net),
    "what the net computes": await computation(run, given, [scores]),
    "what the loss computes, and gradients": await computation(
      run,
      [...given, labels],
      [value, ...leaves<Tensor>(gradients)],
    ),
    "optimizer's state": specsOf(state),
    "what the optimizer computes, by its rule and rates": await computation(
      run,
      leaves<Tensor>([weights, slopes, state]),
      leaves<Tensor>(stepped as Params),
    ),
  };
}

/** The first thing in which two trainings differ, as `NAME: expected …, found …`. */
export function differenceOf(expected: Fingerprint, found: Fingerprint): string | undefined {
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
