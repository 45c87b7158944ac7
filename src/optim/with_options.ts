/**
 * Optimizers with the options that all of them have, as chains around a rule.
 *
 * @module
 */
import type { Params } from "../tensor.ts";
import { type Chain, chain, freeze } from "./chain.ts";
import { clipByGlobalNorm } from "./clip.ts";
import { addDecayedWeights } from "./decay.ts";
import { checkedFactor, checkWithin, notBias } from "./multiplier.ts";
import type { OptimizerOptions } from "./optimizer.ts";
import { constantSchedule, type Schedule } from "./schedule.ts";
import { scaleByLearningRate } from "./scale.ts";
import type { Transformation } from "./transformation.ts";

/** The learning rate of options as a schedule. */
export const rateSchedule = ({ learningRate }: OptimizerOptions): Schedule =>
  typeof learningRate === "number" ? constantSchedule(learningRate) : learningRate;

/** Frozen parameters are left out, then gradients are clipped. */
function firstLinks(
  kind: string,
  { clipNorm, rateMultiplier }: OptimizerOptions,
): readonly Transformation[] {
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new RangeError(`${kind}: expected clipNorm above 0, found ${clipNorm}`);
  }
  const clip = clipNorm === undefined ? [] : [clipByGlobalNorm(clipNorm)];
  if (!rateMultiplier) return clip;
  const factor = (path: string) => checkedFactor(kind, "rateMultiplier", rateMultiplier, path);
  return [freeze((path) => factor(path) === 0), ...clip];
}

/** Weight decay, where there is any. */
function decayLinks(
  kind: string,
  { weightDecay = 0, decayMultiplier = notBias }: OptimizerOptions,
): readonly Transformation[] {
  checkWithin(kind, "weightDecay", weightDecay, 0, Infinity);
  if (weightDecay === 0) return [];
  const factor = (path: string) => checkedFactor(kind, "decayMultiplier", decayMultiplier, path);
  return [addDecayedWeights(weightDecay, factor)];
}

/**
 * An optimizer whose weight decay is the L2 penalty: decay is added to gradients before the rule.
 *
 * @param kind The optimizer's name, for errors.
 * @param rule From gradients to what is subtracted, the learning rate included.
 */
export const withPenalty = <S extends Params>(
  kind: string,
  options: OptimizerOptions,
  ...rule: readonly Transformation[]
): Chain<S> =>
  chain(
    ...firstLinks(kind, options),
    ...decayLinks(kind, options),
    ...rule,
  ) as unknown as Chain<S>;

/**
 * An optimizer whose weight decay is decoupled: decay is added to the updates of the rule, and both are
 * scaled by the learning rate.
 *
 * @param rule From gradients to updates without the learning rate.
 * @param after What comes after the decay, before the rate.
 */
export const withDecoupledDecay = <S extends Params>(
  kind: string,
  options: OptimizerOptions,
  rule: Transformation,
  ...after: readonly Transformation[]
): Chain<S> =>
  chain(
    ...firstLinks(kind, options),
    rule,
    ...decayLinks(kind, options),
    ...after,
    scaleByLearningRate(rateSchedule(options), options.rateMultiplier),
  ) as unknown as Chain<S>;
