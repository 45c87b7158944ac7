/**
 * The registry of optimizers: one file and one line here for each.
 *
 * @module
 */
import { ADAGRAD } from "./adagrad.ts";
import { ADAM } from "./adam.ts";
import type { Optimizer, OptimizerNumber, OptimizerOptions, OptimizerRecord } from "./optimizer.ts";
import { RMSPROP } from "./rmsprop.ts";
import { SGD } from "./sgd.ts";

/** Their records. */
export const OPTIMIZER_RECORDS = {
  sgd: SGD,
  rmsprop: RMSPROP,
  adam: ADAM,
  adagrad: ADAGRAD,
} as const satisfies Record<string, OptimizerRecord>;

type Records = typeof OPTIMIZER_RECORDS;

/** The name of an optimizer. */
export type OptimizerName = keyof Records;

/** All names. */
export const OPTIMIZER_NAMES = Object.keys(OPTIMIZER_RECORDS) as readonly OptimizerName[];

type OwnOptions = Extract<Records[OptimizerName], { readonly options: unknown }>["options"];
type Names<O> = O extends unknown ? keyof O : never;

/** The name of an option of some one optimizer. */
export type OptimizerOptionName = Names<OwnOptions>;

/** Values of such options. */
export type OptimizerValues = { readonly [K in OptimizerOptionName]?: number | undefined };

/** An optimizer's own options with their names; those of all optimizers if no name is given. */
export const optimizerOptions = (
  name?: OptimizerName,
): readonly (readonly [OptimizerOptionName, OptimizerNumber, OptimizerName])[] =>
  (name ? [name] : OPTIMIZER_NAMES).flatMap((optimizer) => {
    const { options = {} }: OptimizerRecord = OPTIMIZER_RECORDS[optimizer];
    return Object.entries(options).map(([own, option]) =>
      [own as OptimizerOptionName, option, optimizer] as const
    );
  });

/** Creates the optimizer of a name; option values of other optimizers are ignored. */
export const createOptimizer = (
  name: OptimizerName,
  options: OptimizerOptions & OptimizerValues,
): Optimizer => (OPTIMIZER_RECORDS[name] as OptimizerRecord).create(options);
