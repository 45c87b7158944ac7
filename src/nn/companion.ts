/**
 * Side branches with losses of their own.
 *
 * @module
 */
import { compose } from "./compose.ts";
import type { Layer, ParamsOf, SideLoss } from "./layer.ts";

/** Options of {@linkcode companion}. */
export interface CompanionOptions extends Partial<SideLoss> {}

/**
 * The identity on x, with a side branch whose output has a loss of its own in training: the companion
 * objectives of Lee et al., "Deeply-Supervised Nets" (2015), eq. 3, and the auxiliary classifiers of Szegedy
 * et al., "Going deeper with convolutions" (2015), section 5. `fit` and `trainStep` add the branch's loss,
 * times its weight, to that of the net's output; `trainingPass` returns its output. In evaluation the branch
 * computes nothing. LSUV scales its weights as all others.
 *
 * @throws RangeError unless the weight is at least 0 and finite.
 *
 * @example
 * ```ts
 * import { key, nn, normal, sequential } from "@goodinit/goodinit";
 *
 * const net = sequential(
 *   nn.dense(8), nn.relu, nn.companion(nn.dense(3), { weight: 0.3 }), nn.dense(3),
 * );
 * const x = normal(key(1), [4, 5]), params = net.init(key(0), x);
 * const { output, sides } = nn.trainingPass(net, params, x, key(2));
 * console.assert(output.shape.join() === "4,3" && sides[0]!.output.shape.join() === "4,3");
 * ```
 */
export function companion<H extends Layer>(
  head: H,
  { weight = 1, loss }: CompanionOptions = {},
): Layer<readonly [ParamsOf<H>]> & { readonly layers: readonly [H]; readonly side: SideLoss } {
  if (!(weight >= 0 && weight < Infinity)) {
    throw new RangeError(`companion: expected a weight of at least 0, found ${weight}`);
  }
  const made = compose("companion", [head] as const, (call, x) => {
    call(0, x);
    return x;
  });
  return Object.assign(made, { side: { weight, ...(loss && { loss }) } });
}
