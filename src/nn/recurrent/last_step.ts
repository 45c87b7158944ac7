/**
 * The last step of a sequence, as a layer.
 *
 * @module
 */
import { reshape, slice } from "../../ops/mod.ts";
import { showSpec } from "../../spec.ts";
import { stateless } from "../define_layer.ts";
import type { Layer, NoParams } from "../layer.ts";

/**
 * The last step of sequences, [batch, time, ...] → [batch, ...]: between a recurrent layer and a classifier.
 *
 * @throws RangeError on an input of fewer than two axes.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.lastStep([], tensor([[[1], [2]], [[3], [4]]])));
 * console.assert(y.join() === "2,4");
 * ```
 */
export const lastStep: Layer<NoParams> = stateless("lastStep", (x) => {
  if (x.rank < 2) {
    throw new RangeError(`lastStep: expected [batch, time, ...], found ${showSpec(x)}`);
  }
  return reshape(slice(x, [0, -1]), [x.shape[0]!, ...x.shape.slice(2)]);
});
