/**
 * What a training run does where numbers are not finite.
 *
 * @module
 */
import { counted } from "../../counted.ts";

/** All that may be done. */
export const NON_FINITE = [
  "stop",
  "skip",
  "lower-rate",
] as const satisfies readonly NonFiniteAction[];

/** What may be done: see {@linkcode NonFiniteOptions}. */
export type NonFiniteAction = "stop" | "skip" | "lower-rate";

/** What a training run does where a loss, a gradient or an updated weight is not finite. */
export interface NonFiniteOptions {
  /**
   * `stop` ends the run at the first such step. `skip` drops the step's update: parameters and the
   * optimizer's state keep their bits. `lower-rate` goes back to the last parameters that had finite loss and gradients,
   * and multiplies the learning rate by `factor` from then on.
   */
  readonly action: NonFiniteAction;
  /** The factor of the learning rate, from above 0 to below 1; 0.5 if left out. */
  readonly factor?: number | undefined;
  /**
   * How many steps in a row may be skipped, or how often the rate may be lowered, before the run ends as with
   * `stop`; 10 if left out.
   */
  readonly limit?: number | undefined;
  /**
   * The most bytes of parameters and optimizer state that are kept twice, to have those from before a bad step;
   * 512 MiB if left out. A larger net that diverges leaves the parameters of its last checkpoint, or the initial
   * ones. `lower-rate` always keeps them twice.
   */
  readonly keepBytes?: number | undefined;
}

/** The options with their defaults. */
export interface NonFinitePolicy {
  /** What is done. */
  readonly action: NonFiniteAction;
  /** The factor of the learning rate where it is lowered. */
  readonly factor: number;
  /** How many steps in a row may be skipped, or how often the rate may be lowered. */
  readonly limit: number;
  /** The most bytes that are kept twice. */
  readonly keepBytes: number;
}

/** The usual policy. */
export const STOP: NonFinitePolicy = {
  action: "stop",
  factor: 0.5,
  limit: 10,
  keepBytes: 1 << 29,
};

/** Fills in defaults. Throws RangeError on an unknown action, and on numbers out of range. */
export function nonFinitePolicy(
  given: NonFiniteAction | NonFiniteOptions = "stop",
): NonFinitePolicy {
  const options: NonFiniteOptions = typeof given === "string" ? { action: given } : given;
  const { action, factor = STOP.factor, limit = STOP.limit, keepBytes = STOP.keepBytes } = options;
  if (!NON_FINITE.includes(action)) {
    throw new RangeError(
      `fit: expected onNonFinite of ${NON_FINITE.join(", ")}, found ${String(action)}`,
    );
  }
  if (!(factor > 0 && factor < 1)) {
    throw new RangeError(
      `fit: expected onNonFinite.factor from above 0 to below 1, found ${factor}`,
    );
  }
  if (!(Number.isInteger(limit) && limit >= 1)) {
    throw new RangeError(
      `fit: expected onNonFinite.limit to be an integer of at least 1, found ${limit}`,
    );
  }
  if (!(keepBytes >= 0)) {
    throw new RangeError(`fit: expected onNonFinite.keepBytes of at least 0, found ${keepBytes}`);
  }
  return { action, factor, limit, keepBytes };
}

/** The policy as text, for fingerprints; undefined for the usual one. */
export const describePolicy = ({ action, factor, limit }: NonFinitePolicy): string | undefined =>
  action === "stop"
    ? undefined
    : action === "skip"
    ? `skip, at most ${limit} in a row`
    : `lower-rate by ${factor}, at most ${limit} times`;

/** What has been done before a step ends the run, as text; undefined for nothing. */
export const describeEnd = ({ action, limit }: NonFinitePolicy): string | undefined =>
  action === "stop"
    ? undefined
    : action === "skip"
    ? `after ${counted(limit, "skipped step")} in a row`
    : `after the learning rate was lowered ${limit === 1 ? "once" : `${limit} times`}`;
