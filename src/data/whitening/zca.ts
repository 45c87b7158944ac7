/**
 * ZCA whitening: fitting it to a training set, and applying it.
 *
 * @module
 */
import { add, constant, matmul, mul, transpose } from "../../ops/mod.ts";
import type { Runtime } from "../../runtime/mod.ts";
import { owning, type Tensor, tensor } from "../../tensor.ts";
import { testBatches } from "../loader/batches.ts";
import type { Batch } from "../loader/collate.ts";
import { checkInMemory } from "../check_dataset.ts";
import { checkPrepared, type Prepared } from "../prepared.ts";
import { meanImage } from "../preprocess.ts";
import { diagonal } from "./diagonal.ts";
import { frobeniusNorm, inverseSqrt } from "./inverse_sqrt.ts";
import type { Whitening } from "./whitening.ts";

/** Options of {@linkcode zcaWhitening}. */
export interface ZcaOptions {
  /** Added to every eigenvalue of the covariance, so that directions without variance stay small; 0.1 if left out. */
  readonly bias?: number | undefined;
}

/** Images that are multiplied at once. */
const BATCH = 1024;

/** The least bias, as a fraction of the covariance's norm, at which f32 resolves the smallest eigenvalues. */
const LEAST_BIAS = 1e-6;

const imageElements = ({ dataset: { height, width, channels } }: Prepared): number =>
  height * width * channels;

/** The images without whitening, minus another mean image, in batches of rows; the last is padded with zeros. */
const rowBatches = (source: Prepared, mean: Float32Array<ArrayBuffer>): Iterable<Batch> =>
  testBatches({ ...source, mean, whitened: undefined, window: undefined }, {
    batch: Math.min(BATCH, source.dataset.count),
  });

const rows = ({ images, labels }: Batch): Tensor =>
  owning(images, [labels.length, images.length / labels.length]);

/** The covariance of images, f32[pixels, pixels], with a bias on its diagonal. */
function biasedCovariance(
  run: Runtime,
  train: Prepared,
  { mean, bias }: { readonly mean: Float32Array<ArrayBuffer>; readonly bias: number },
): Tensor {
  const { count } = train.dataset, n = imageElements(train);
  const addProducts = run.jit(
    (sum: Tensor, x: Tensor) => add(sum, matmul(transpose(x), x)),
    { donate: [0] },
  );
  let products = constant(0, [n, n]);
  for (const batch of rowBatches(train, mean)) products = addProducts(products, rows(batch));
  return run.jit((products: Tensor, weight: Tensor, bias: Tensor) =>
    add(mul(products, weight), diagonal(n, bias))
  )(products, tensor(1 / count), tensor(bias));
}

/** The most elements of an image: their matrix then takes 1 GiB. */
const MOST_ELEMENTS = 16_384;

function checkElements({ dataset }: Prepared, n: number): void {
  if (n <= MOST_ELEMENTS) return;
  const { name, height, width, channels } = dataset;
  throw new RangeError(
    `zcaWhitening: expected images of at most ${MOST_ELEMENTS} numbers, whose covariance takes 1 GiB, ` +
      `found ${height} × ${width} × ${channels} in ${name}`,
  );
}

function checkBias(bias: number): void {
  if (bias > 0 && Number.isFinite(bias)) return;
  throw new RangeError(`zcaWhitening: expected a bias above 0, found ${bias}`);
}

/** Throws where rounding in f32 hides a bias. */
function checkResolved(bias: number, norm: number): void {
  if (bias >= LEAST_BIAS * norm) return;
  throw new RangeError(
    `zcaWhitening: expected a bias of at least ${
      (LEAST_BIAS * norm).toPrecision(2)
    }, a millionth of the ` +
      `covariance's norm, found ${bias}`,
  );
}

/** Throws where a transform is for images of another size. */
function checkWhitening({ dataset }: Prepared, n: number, { mean, matrix }: Whitening): void {
  if (mean.length === n && matrix.length === n * n) return;
  throw new RangeError(
    `whiten: expected a transform of the ${n} pixels of ${dataset.name}, a mean of ${n} and a matrix of ` +
      `${n * n} numbers, found ${mean.length} and ${matrix.length}`,
  );
}

/**
 * Fits ZCA whitening to a training set, as pylearn2's `ZCA` does after global contrast normalization for
 * Maxout, NiN and ALL-CNN: with the covariance C of the preprocessed images, (C + bias·I)^(-1/2).
 * (`lisa-lab/pylearn2: pylearn2/datasets/preprocessing.py`, class `ZCA`, whose `filter_bias` is 0.1;
 * `pylearn2/scripts/datasets/make_cifar10_gcn_whitened.py`.) The covariance and its inverse square root are
 * matrix products on the device, in f32: see {@linkcode whiten} for applying it.
 *
 * @throws RangeError on inconsistent data, on images of more than 16,384 numbers, and on a bias that is not
 * above 0 or is too small for f32, which is below a millionth of the covariance's norm.
 *
 * @example
 * ```ts
 * import { data, open } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "cpu" });
 * const { train } = data.prepareMnist(
 *   data.procedural({ split: "train", count: 50, size: 16, channels: 1 }),
 *   data.procedural({ split: "test", count: 10, size: 16, channels: 1 }),
 * );
 * const { matrix } = await data.zcaWhitening(run, train);
 * console.assert(matrix.length === 256 * 256 && matrix[1] === matrix[256]);
 * ```
 */
export async function zcaWhitening(
  run: Runtime,
  train: Prepared,
  { bias = 0.1 }: ZcaOptions = {},
): Promise<Whitening> {
  checkPrepared("zcaWhitening", train);
  checkInMemory("zcaWhitening", train.dataset);
  checkElements(train, imageElements(train));
  checkBias(bias);
  const mean = meanImage(train.dataset, train);
  const covariance = biasedCovariance(run, train, { mean, bias });
  const norm = await frobeniusNorm(run, covariance);
  checkResolved(bias, norm);
  const matrix = await run.read(inverseSqrt(run, covariance, { smallest: bias, norm }));
  return { mean, matrix: matrix as Float32Array<ArrayBuffer> };
}

/** An array for whitened images, in shared memory where there is any, so that a worker needs no copy. */
function allocateImages(elements: number): Float32Array<ArrayBuffer> {
  if (typeof SharedArrayBuffer !== "function") return new Float32Array(elements);
  return new Float32Array(
    new SharedArrayBuffer(4 * elements),
  ) as unknown as Float32Array<ArrayBuffer>;
}

/**
 * Whitens all images of a data set, training or test, by a transform fitted to the training set: each
 * preprocessed image, minus the transform's mean image, times its matrix. The result holds the images as
 * f32, four times the memory of their bytes; batches are cropped and mirrored from those.
 *
 * @throws RangeError on inconsistent data, and on a transform of another size.
 *
 * @example
 * ```ts
 * import { data, open } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "cpu" });
 * const { train, test } = data.prepareMnist(
 *   data.procedural({ split: "train", count: 50, size: 16, channels: 1 }),
 *   data.procedural({ split: "test", count: 10, size: 16, channels: 1 }),
 * );
 * const whitening = await data.zcaWhitening(run, train);
 * const whitened = await data.whiten(run, test, whitening);
 * const [batch] = data.testBatches(whitened, { batch: 10 });
 * console.assert(batch!.images.length === 10 * 256);
 * ```
 */
export async function whiten(run: Runtime, source: Prepared, by: Whitening): Promise<Prepared> {
  checkPrepared("whiten", source);
  checkInMemory("whiten", source.dataset);
  const n = imageElements(source), { count } = source.dataset;
  checkWhitening(source, n, by);
  const images = allocateImages(count * n),
    matrix = run.jit((m: Tensor) => m)(tensor(by.matrix, [n, n]));
  const product = run.jit((x: Tensor, matrix: Tensor) => matmul(x, matrix));
  let at = 0;
  for (const batch of rowBatches(source, by.mean)) {
    const white = await run.read(product(rows(batch), matrix));
    images.set(white.subarray(0, batch.count * n), at);
    at += batch.count * n;
  }
  return { ...source, mean: by.mean, whitened: { by, images } };
}
