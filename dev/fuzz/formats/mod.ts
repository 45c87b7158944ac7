/**
 * All formats that are fuzzed.
 *
 * @module
 */
import type { Format } from "../format.ts";
import {
  CIFAR_BINARY,
  CIFAR_PICKLES,
  CLASS_NAMES,
  GZIP,
  IDX_IMAGES,
  IDX_LABELS,
  MAPPINGS,
  TAR,
  ZIP,
} from "./data.ts";
import { MODELS, PYTORCH, PYTORCH_INDEX } from "./models.ts";
import { BY_SHARP, CACHE, JPEG, NUMBER_TABLE, PNG, TABLE } from "./pictures.ts";
import { CONFUSION, EVENTS, OWNERS, RECORD_TABLE, SCALING, STUDY } from "./results.ts";
import { TILE_CACHE } from "./tiles.ts";
import { CHECKPOINTS, ELEMENT_TYPES, WEIGHTS, WHITENING } from "./weights.ts";

/** All formats; a new one is put at the end, so that seeds make the same files of the others. */
export const FORMATS: readonly Format[] = [
  WEIGHTS,
  CHECKPOINTS,
  WHITENING,
  MODELS,
  PYTORCH,
  PYTORCH_INDEX,
  IDX_IMAGES,
  IDX_LABELS,
  CLASS_NAMES,
  MAPPINGS,
  CIFAR_BINARY,
  CIFAR_PICKLES,
  TAR,
  GZIP,
  ZIP,
  PNG,
  JPEG,
  BY_SHARP,
  TABLE,
  CACHE,
  TILE_CACHE,
  ELEMENT_TYPES,
  EVENTS,
  CONFUSION,
  STUDY,
  SCALING,
  OWNERS,
  NUMBER_TABLE,
  RECORD_TABLE,
];
