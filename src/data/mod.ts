/**
 * Data sets, preprocessing and batches.
 *
 * @module
 */
export type { Augmentation } from "./augment.ts";
export {
  type Batch,
  batchesPerEpoch,
  testBatches,
  trainBatches,
  type TrainBatchOptions,
} from "./batches.ts";
export {
  classCounts,
  type Dataset,
  fingerprint,
  loadCifar10,
  loadCifar100,
  loadMnist,
  type Split,
  subset,
} from "./dataset.ts";
export { DataError } from "./files.ts";
export { prepareCifar, type Prepared, type PreparedSplits, prepareMnist } from "./preprocess.ts";
