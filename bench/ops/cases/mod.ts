/**
 * The cases of the sweep: the ops and sizes that the paper's nets and today's are made of, and others.
 *
 * @module
 */
import type { Case } from "./case.ts";
import {
  FLAT_CONVOLUTIONS,
  GROUPED_CONVOLUTIONS,
  NET_CONVOLUTIONS,
  OTHER_CONVOLUTIONS,
  SEQUENCE_CONVOLUTIONS,
  TRANSPOSED_CONVOLUTIONS,
} from "./convolutions.ts";
import { ELEMENT_OPS, UPDATES } from "./elements.ts";
import { IMAGE_OPS, NORMALIZATIONS, POOLINGS } from "./images.ts";
import { BATCHED_PRODUCTS, NET_DENSES, OTHER_DENSES } from "./products.ts";
import { MOVES, RECURRENCES, REDUCTIONS, ROW_OPS } from "./rows.ts";

export type { Case } from "./case.ts";

/** The cases by group. */
export const GROUPS = {
  "net convolutions": NET_CONVOLUTIONS,
  "grouped convolutions": GROUPED_CONVOLUTIONS,
  "other convolutions": [...OTHER_CONVOLUTIONS, ...FLAT_CONVOLUTIONS],
  sequences: SEQUENCE_CONVOLUTIONS,
  transposed: TRANSPOSED_CONVOLUTIONS,
  dense: [...NET_DENSES, ...OTHER_DENSES],
  batched: BATCHED_PRODUCTS,
  pooling: POOLINGS,
  normalization: NORMALIZATIONS,
  images: IMAGE_OPS,
  rows: ROW_OPS,
  reductions: REDUCTIONS,
  moves: MOVES,
  recurrent: RECURRENCES,
  elements: ELEMENT_OPS,
  updates: UPDATES,
} as const satisfies Readonly<Record<string, readonly Case[]>>;

/** All of them. */
export const CASES: readonly Case[] = Object.values(GROUPS).flat();

/** Of each group the first, for a quick look. */
export const QUICK: readonly Case[] = Object.values(GROUPS).flatMap((group) => group.slice(0, 1));
