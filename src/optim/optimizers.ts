/**
 * The registry of optimizers: one file and one line here for each.
 *
 * @module
 */
import { ADAGRAD } from "./adagrad.ts";
import { ADAM, ADAMW } from "./adam.ts";
import { ADAMAX } from "./adamax.ts";
import { LION } from "./lion.ts";
import { NADAM } from "./nadam.ts";
import type {
  Optimizer,
  OptimizerFlag,
  OptimizerNumber,
  OptimizerOptions,
  OptimizerRecord,
} from "./optimizer.ts";
import type { Schedule } from "./schedule.ts";
import { RADAM } from "./radam.ts";
import { RMSPROP } from "./rmsprop.ts";
import { SGD } from "./sgd.ts";
import { LAMB, LARS } from "./trust_ratio.ts";

/** Their records. */
export const OPTIMIZER_RECORDS = {
  sgd: SGD,
  rmsprop: RMSPROP,
  adam: ADAM,
  adagrad: ADAGRAD,
  adamw: ADAMW,
  nadam: NADAM,
  radam: RADAM,
  adamax: ADAMAX,
  lion: LION,
  lars: LARS,
  lamb: LAMB,
} as const satisfies Record<string, OptimizerRecord>;

type Records = typeof OPTIMIZER_RECORDS;

/** The name of an optimizer. */
export type OptimizerName = keyof Records;

/** All names. */
export const OPTIMIZER_NAMES = Object.keys(OPTIMIZER_RECORDS) as readonly OptimizerName[];

type OwnOptions = Extract<Records[OptimizerName], { readonly options: unknown }>["options"];
type Names<O> = O extends unknown ? keyof O : never;
type OptionOf<O, K> = O extends { readonly [P in K & PropertyKey]: infer V } ? V : never;

/** The name of an option of some one optimizer. */
export type OptimizerOptionName = Names<OwnOptions>;

/** Whether an option is a number or on and off. */
type ValueOf<K> = OptionOf<OwnOptions, K> extends { readonly kind: "flag" } ? boolean : number;

/** The name of an option that may be a schedule. */
export type ScheduledName = {
  [K in OptimizerOptionName]: OptionOf<OwnOptions, K> extends { readonly scheduled: true } ? K
    : never;
}[OptimizerOptionName];

/** Values of such options. */
export type OptimizerValues = { readonly [K in OptimizerOptionName]?: ValueOf<K> | undefined };

/** Values of such options to create an optimizer with. */
type CreateValues = {
  readonly [K in OptimizerOptionName]?:
    | ValueOf<K>
    | (K extends ScheduledName ? Schedule : never)
    | undefined;
};

/** An option of some optimizers: its name, and how each of them has it. */
export interface OwnedOption {
  readonly name: OptimizerOptionName;
  /** By optimizer, which may have a default of its own; the rest is the same for all. */
  readonly owners: readonly (readonly [OptimizerName, OptimizerNumber | OptimizerFlag])[];
}

/** An optimizer's own options with their names. */
export const optimizerOptions = (
  name: OptimizerName,
): readonly (readonly [OptimizerOptionName, OptimizerNumber | OptimizerFlag])[] => {
  const { options = {} }: OptimizerRecord = OPTIMIZER_RECORDS[name];
  return Object.entries(options).map(([own, option]) => [own as OptimizerOptionName, option]);
};

/** The options of all optimizers, each once, with the optimizers that have it. */
export function ownedOptions(): readonly OwnedOption[] {
  const all = OPTIMIZER_NAMES.flatMap((optimizer) =>
    optimizerOptions(optimizer).map(([name, option]) => ({ name, optimizer, option }))
  );
  return [...new Set(all.map(({ name }) => name))].map((name) => ({
    name,
    owners: all.filter((each) => each.name === name)
      .map(({ optimizer, option }) => [optimizer, option] as const),
  }));
}

/** Creates the optimizer of a name; option values of other optimizers are ignored. */
export const createOptimizer = (
  name: OptimizerName,
  options: OptimizerOptions & CreateValues,
): Optimizer => (OPTIMIZER_RECORDS[name] as OptimizerRecord).create(options);
