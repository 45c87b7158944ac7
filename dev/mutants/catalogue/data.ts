/**
 * Faults of loaders, augmentation and readers of data.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";

/** Faults of `src/data`. */
export const DATA: readonly Fault[] = [
  ...faultsIn("src/data/loader/augment.ts", [
    "tests/data/loader/augment.test.ts",
    "tests/data/loader/batches.test.ts",
  ], [
    [
      "DRAWS * position",
      "DRAWS * (position >> 4)",
      "images of a batch share their random numbers",
    ],
    ["counter + 2) % 2", "counter) % 2", "the mirror is drawn from the crop's number"],
  ]),
];
