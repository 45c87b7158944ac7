/**
 * Data sets, preprocessing and batches.
 *
 * @module
 */
export type { Batch } from "./loader/collate.ts";
export { testBatches, trainBatches } from "./loader/batches.ts";
export type { Rank } from "./loader/rank.ts";
export { batchesPerEpoch, type BatchHeader, type TrainBatchOptions } from "./loader/sampler.ts";
export { concat, map, type MapOptions, type Mapped } from "./combine.ts";
export { classCounts, type Dataset, type Labels, type Split } from "./dataset.ts";
export { fingerprint } from "./fingerprint.ts";
export type { ImageReader, ImageRequest, ImageStream } from "./image_stream.ts";
export { type HeldOut, holdOut, type HoldOutOptions } from "./hold_out.ts";
export { DataError } from "./files/data_file.ts";
export type { Place } from "./files/place.ts";
export { loadCifar10, loadCifar100 } from "./cifar/load_cifar.ts";
export { loadMnist } from "./mnist/load_mnist.ts";
export type { IdxOptions } from "./mnist/load_idx.ts";
export {
  type Augmentation,
  inputSize,
  type Prepared,
  type PreparedSplits,
  type Window,
} from "./prepared.ts";
export { type Example, type Selection, shuffle, subset } from "./select.ts";
export { type PictureOptions, preparePictures } from "./prepare_pictures.ts";
export { resize } from "./resize.ts";
export { prepareCifar, prepareMnist } from "./preprocess.ts";
export { procedural, PROCEDURAL_CLASSES, type ProceduralOptions } from "./procedural/procedural.ts";
export type { Whitened, Whitening } from "./whitening/whitening.ts";
export { whiten, type ZcaOptions, zcaWhitening } from "./whitening/zca.ts";
