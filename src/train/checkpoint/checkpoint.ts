/**
 * Encodes and decodes checkpoints: everything to resume a training run from, as a safetensors file with a
 * checksum.
 *
 * @module
 */
import { oneLine } from "../../one_line.ts";
import { sha256 } from "../../data/fingerprint.ts";
import type { EpochRecord } from "../events.ts";
import type { Fingerprint } from "./fingerprint.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
  type StoredTensor,
} from "../safetensors/safetensors.ts";
import { parseClassNames } from "../safetensors/class_names.ts";
import { parseMetadata, toText } from "./parse_metadata.ts";

/** The state of a training run after a step. */
export interface Checkpoint {
  /** Steps taken. */
  readonly step: number;
  /** Seconds that the steps of the current epoch took so far. */
  readonly seconds: number;
  /** Seconds since the training run started, over all its sessions, each up to its last checkpoint. */
  readonly elapsed: number;
  /** The epochs that have ended. */
  readonly epochs: readonly EpochRecord[];
  /** The fingerprint of the training run. */
  readonly trains: Fingerprint;
  /** The device, as its runtime describes it; on another, results may differ by rounding. */
  readonly device: string;
  /** The names of the classes or numbers that the net predicts, if known. */
  readonly classNames?: readonly string[] | undefined;
  /** The carry: `params`, the optimizer's `state`, the `key` of dropout, `step`, sums of the epoch. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * The error of a checkpoint that belongs to another training run, or cannot be written.
 *
 * @example
 * ```ts
 * import * as g from "@goodinit/goodinit";
 *
 * await using run = await g.open({ device: "reference" });
 * const data = g.data.procedural({ split: "train", count: 20, size: 16, channels: 1 });
 * const { train } = g.data.prepareMnist(data, data), net = g.sequential(g.nn.flatten, g.nn.dense(10));
 * const params = net.init(g.key(0), g.placeholder({ shape: [10, 16, 16, 1], dtype: "f32" }));
 * const folder = await Deno.makeTempDir(), all = { net, params, train, batch: 10, epochs: 1 };
 * try {
 *   for (const learningRate of [0.1, 0.2]) {
 *     const resume = await g.train.findCheckpoint(folder), optimizer = g.optim.sgd({ learningRate });
 *     for await (const _ of g.fit(run, { ...all, optimizer, checkpoint: { folder }, resume })) continue;
 *   }
 * } catch (error) {
 *   console.assert(error instanceof g.train.CheckpointError); // It has another learning rate.
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class CheckpointError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "CheckpointError";

  /**
   * An error with a message in one line.
   *
   * @param message What was expected and found; shown in one line.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(message), options);
  }
}

/** The name and version of the format. */
const FORMAT = "goodinit checkpoint 1";

/** Encodes a checkpoint. The SHA-256 in its metadata is that of the same file without it. */
export async function encodeCheckpoint(
  { step, seconds, elapsed, epochs, trains, device, classNames, tensors }: Checkpoint,
): Promise<Uint8Array<ArrayBuffer>> {
  const metadata = {
    format: FORMAT,
    step: String(step),
    seconds: String(seconds),
    elapsed: String(elapsed),
    epochs: toText(epochs),
    trains: JSON.stringify(trains),
    device,
    ...(classNames && { classNames: JSON.stringify(classNames) }),
  };
  const sum = await sha256(encodeSafetensors(tensors, metadata));
  return encodeSafetensors(tensors, { ...metadata, sha256: sum });
}

/**
 * Decodes a checkpoint.
 *
 * @throws SafetensorsError on bytes that are damaged.
 * @throws CheckpointError on a checkpoint of another version of this format.
 */
export async function decodeCheckpoint(bytes: Uint8Array<ArrayBuffer>): Promise<Checkpoint> {
  const { tensors, metadata: { sha256: expected, ...metadata } } = decodeSafetensors(bytes);
  const found = await sha256(encodeSafetensors(tensors, metadata));
  if (found !== expected) {
    throw new SafetensorsError(
      `checkpoint: expected the SHA-256 ${expected ?? "in its metadata"}, found ${found}: damaged`,
    );
  }
  const { format } = metadata, classNames = parseClassNames(metadata);
  if (format !== FORMAT) {
    throw new CheckpointError(`checkpoint: expected the format ${FORMAT}, found ${format}`);
  }
  return {
    ...parseMetadata(metadata),
    ...(classNames && { classNames }),
    tensors,
  };
}
