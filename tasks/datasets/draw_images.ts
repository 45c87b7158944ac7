/**
 * Procedural images in the shape that a recipe takes.
 *
 * @module
 */
import { type Dataset, procedural, type ProceduralOptions } from "../../src/data/mod.ts";
import type { RecipeName } from "../../src/data/catalogue/record.ts";
import { PREPARATIONS } from "./preparations.ts";
import { OptionError } from "../cli/option_table.ts";

/** The seed of the images of every run, so that runs of different seeds can be compared. */
export const DRAWING_SEED = 0;

/** Images, with errors that name the option that sets their size, or else their count. */
function draw(option: string, options: ProceduralOptions): Dataset {
  try {
    return procedural({ ...options, seed: DRAWING_SEED });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const wrong = cause.message.includes("expected size") ? "size" : option;
    throw new OptionError(`--${wrong}: ${cause.message}`, { cause });
  }
}

/** Both splits, plain where asked for, at the recipe's size or at another one. Throws an {@linkcode OptionError} on more images than fit in memory. */
export function drawImages(
  recipe: RecipeName,
  counts: { readonly train?: number | undefined; readonly test?: number | undefined },
  { size, plain }: { readonly size?: number | undefined; readonly plain?: boolean | undefined } =
    {},
): { readonly train: Dataset; readonly test: Dataset } {
  const drawn = { ...PREPARATIONS[recipe].drawn, ...size !== undefined && { size }, plain };
  return {
    train: draw("subset", { split: "train", count: counts.train, ...drawn }),
    test: draw("test-subset", { split: "test", count: counts.test, ...drawn }),
  };
}
