/**
 * A value that differs by net, in words.
 *
 * @module
 */
import { MODEL_NAMES, type ModelName } from "../../src/models/registry.ts";

/** The nets by their value, and the value of all others: `0.3 for fitnetMnist; 0.5 for nin, vgg16; else 0`. */
export function valuesByNet(valueOf: (name: ModelName) => string, usual: string): string {
  const groups = Map.groupBy(MODEL_NAMES.filter((name) => valueOf(name) !== usual), valueOf);
  return [...[...groups].map(([value, nets]) => `${value} for ${nets.join(", ")}`), `else ${usual}`]
    .join("; ");
}
