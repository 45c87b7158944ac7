/**
 * Data sets, preprocessing and batches.
 *
 * @module
 */
export type { Batch } from "./assemble.ts";
export type { Augmentation } from "./augment.ts";
export { batchesPerEpoch, testBatches, trainBatches, type TrainBatchOptions } from "./batches.ts";
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
export { DataError } from "./files.ts";
export type { IdxOptions } from "./idx_set.ts";
export type { IdxName } from "./idx_sets.ts";
export { procedural, PROCEDURAL_CLASSES, type ProceduralOptions } from "./procedural.ts";
export { prepareCifar, type Prepared, type PreparedSplits, prepareMnist } from "./preprocess.ts";
