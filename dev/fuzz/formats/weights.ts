/**
 * Weights and checkpoints: safetensors files.
 *
 * @module
 */
import { key, placeholder, sequential } from "../../../mod.ts";
import { relu } from "../../../src/nn/mod.ts";
import { dense, flatten } from "../../../src/nn/mod.ts";
import { sha256 } from "../../../src/data/fingerprint.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  loadClassNames,
  loadParams,
} from "../../../src/train/mod.ts";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../../src/train/checkpoint/checkpoint.ts";
import { readWhitening } from "../../../tasks/datasets/whitening_file.ts";
import type { Bytes } from "../edits.ts";
import { expect, type Format } from "../format.ts";
import { HEADER } from "./safetensors_header.ts";

const net = sequential(flatten, dense(3), relu, dense(2));
const LIKE = net.init(key(0), placeholder({ shape: [1, 2, 2, 1], dtype: "f32" }));

const numbers = (shape: readonly number[]) => ({
  shape,
  data: Float32Array.from(
    { length: shape.reduce((product, size) => product * size, 1) },
    (_, i) => i / 8 - 1,
  ),
});
const TENSORS = new Map([
  ["1.w", numbers([4, 3])],
  ["1.b", numbers([3])],
  ["3.w", numbers([3, 2])],
  ["3.b", numbers([2])],
]);

/** The file with its tensors read as numbers of other types. */
function retyped(bytes: Bytes, code: string, factor: number): Bytes {
  const header = JSON.parse(HEADER.read(bytes)!);
  for (const field of Object.values(header) as { dtype?: string; shape: number[] }[]) {
    if (field.dtype) Object.assign(field, { dtype: code, shape: [...field.shape, factor] });
  }
  return HEADER.write(bytes, JSON.stringify(header));
}

/** Throws unless the tensors of a file have as many elements as their shapes say. */
function checkTensors(bytes: Bytes): void {
  for (const [name, { shape, data }] of decodeSafetensors(bytes).tensors) {
    const size = shape.reduce((product, size) => product * size, 1);
    expect(size === data.length, `${name}: ${data.length} elements of ${shape}`);
  }
}

/** Weights, as the library reads them. */
export const WEIGHTS: Format = {
  name: "weights",
  json: HEADER,
  seeds: () =>
    Promise.resolve([
      encodeSafetensors(TENSORS, { classNames: '["a","b"]', note: "whole" }),
      encodeSafetensors(TENSORS),
    ]),
  read(bytes) {
    checkTensors(bytes);
    const names = loadClassNames(bytes);
    expect(!names || names.every((name) => typeof name === "string"), `class names ${names}`);
    loadParams(bytes, LIKE);
    return Promise.resolve();
  },
};

/** Tensors of all types. */
export const ELEMENT_TYPES: Format = {
  name: "element-types",
  json: HEADER,
  seeds() {
    const plain = encodeSafetensors(TENSORS);
    const codes = ["BF16", "F16", "I16", "U16"].map((code) => retyped(plain, code, 2));
    const bytes = ["U8", "I8", "BOOL"].map((code) => retyped(plain, code, 4));
    return Promise.resolve([
      ...codes,
      ...bytes,
      retyped(plain, "I32", 1),
      retyped(plain, "U32", 1),
    ]);
  },
  read: (bytes) => Promise.resolve(checkTensors(bytes)),
};

const CHECKPOINT: Checkpoint = {
  step: 12,
  seconds: 1.5,
  elapsed: 3,
  epochs: [],
  trains: { net: "a", data: "b" } as unknown as Checkpoint["trains"],
  device: "reference",
  classNames: ["a", "b"],
  tensors: TENSORS,
};

/** A checkpoint with the checksum that belongs to it. */
async function withChecksum(bytes: Bytes): Promise<Bytes> {
  try {
    const { tensors, metadata: { sha256: _, ...metadata } } = decodeSafetensors(bytes);
    const sum = await sha256(encodeSafetensors(tensors, metadata));
    return encodeSafetensors(tensors, { ...metadata, sha256: sum });
  } catch {
    return bytes;
  }
}

/** Checkpoints. */
export const CHECKPOINTS: Format = {
  name: "checkpoints",
  json: HEADER,
  seeds: () =>
    Promise.all([CHECKPOINT, { ...CHECKPOINT, classNames: undefined }].map(encodeCheckpoint)),
  reseal: withChecksum,
  async read(bytes) {
    const { step, seconds, elapsed, epochs, trains, classNames } = await decodeCheckpoint(bytes);
    expect(Number.isSafeInteger(step) && step >= 0, `step ${step}`);
    expect(Number.isFinite(seconds) && seconds >= 0, `seconds ${seconds}`);
    expect(Number.isFinite(elapsed) && elapsed >= 0, `elapsed ${elapsed}`);
    expect(Array.isArray(epochs), `epochs ${JSON.stringify(epochs)}`);
    expect(typeof trains === "object" && trains !== null, `trains ${JSON.stringify(trains)}`);
    expect(!classNames || Array.isArray(classNames), `class names ${classNames}`);
  },
};

/** The file of a whitening transform. */
export const WHITENING: Format = {
  name: "whitening",
  json: HEADER,
  seeds: () =>
    Promise.resolve([
      encodeSafetensors(new Map([["mean", numbers([2, 2, 1])], ["matrix", numbers([4, 4])]])),
    ]),
  async read(bytes, folder) {
    const path = `${folder}/whitening.safetensors`;
    await Deno.writeFile(path, bytes);
    const { by: { mean, matrix } } = (await readWhitening(path))!;
    expect(matrix.length === mean.length ** 2, `${matrix.length} for ${mean.length}`);
  },
};
