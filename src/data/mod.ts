/**
 * Data sets, preprocessing and batches.
 *
 * @module
 */
export type { Batch } from "./loader/collate.ts";
export type { Augmentation } from "./loader/augment.ts";
export {
  batchesPerEpoch,
  testBatches,
  trainBatches,
  type TrainBatchOptions,
} from "./loader/batches.ts";
export {
  classCounts,
  type Dataset,
  fingerprint,
  type Labels,
  loadCifar10,
  loadCifar100,
  loadMnist,
  type Split,
  subset,
} from "./dataset.ts";
export { DataError } from "./files/named_bytes.ts";
export type { IdxOptions } from "./mnist/load_idx.ts";
export type { IdxName } from "./mnist/idx_sets.ts";
export { procedural, PROCEDURAL_CLASSES, type ProceduralOptions } from "./procedural/procedural.ts";
export { prepareCifar, type Prepared, type PreparedSplits, prepareMnist } from "./preprocess.ts";
