/**
 * Options that have a number for each layer with weights.
 *
 * @module
 */
import type { Params, Tensor } from "../../src/tensor.ts";
import { entries } from "../../src/tree.ts";
import { OptionError } from "../cli/option_table.ts";

/** The path of the layer, or part of one, that has a parameter. */
const layerOf = (path: string): string => path.replace(/\.?[^.[\]]+$/, "");

/**
 * A number for each layer with weights, by the paths of its parameters; undefined elsewhere. Throws an
 * {@linkcode OptionError} unless there is one number, or one for each such layer.
 */
export function byLayer(
  option: string,
  numbers: readonly number[],
  params: Params,
): (path: string) => number | undefined {
  const weights = entries<Tensor>(params).filter(([, w]) => w.rank >= 2);
  const layers = [...new Set(weights.map(([path]) => layerOf(path)))];
  if (numbers.length !== 1 && numbers.length !== layers.length) {
    throw new OptionError(
      `--${option}: expected one number, or ${layers.length}, one for each layer with weights, ` +
        `found ${numbers.length}`,
    );
  }
  const known = new Map(layers.map((layer, i) => [layer, numbers[i] ?? numbers[0]!]));
  return (path) => known.get(layerOf(path));
}
