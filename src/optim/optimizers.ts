/**
 * The optimizers by name: a file for each, and a line here.
 *
 * @module
 */
import { ADAGRAD } from "./adagrad.ts";
import { ADAM } from "./adam.ts";
import type { Optimizer, OptimizerNumber, OptimizerOptions, OptimizerRecord } from "./optimizer.ts";
import { RMSPROP } from "./rmsprop.ts";
import { SGD } from "./sgd.ts";

/** What is known of each. */
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

/** The name of an option that some optimizer has for itself. */
export type OptimizerOptionName = Names<OwnOptions>;

/** Values of options that optimizers have for themselves. */
export type OptimizerValues = { readonly [K in OptimizerOptionName]?: number | undefined };

/** An optimizer's own options, by their names; those of all optimizers if none is named. */
export const optimizerOptions = (
  name?: OptimizerName,
): readonly (readonly [OptimizerOptionName, OptimizerNumber, OptimizerName])[] =>
  (name ? [name] : OPTIMIZER_NAMES).flatMap((optimizer) => {
    const { options = {} }: OptimizerRecord = OPTIMIZER_RECORDS[optimizer];
    return Object.entries(options).map(([own, option]) =>
      [own as OptimizerOptionName, option, optimizer] as const
    );
  });

/** Makes the optimizer of a name; of the values of own options, those of other optimizers are left alone. */
export const createOptimizer = (
  name: OptimizerName,
  options: OptimizerOptions & OptimizerValues,
): Optimizer => (OPTIMIZER_RECORDS[name] as OptimizerRecord).create(options);
