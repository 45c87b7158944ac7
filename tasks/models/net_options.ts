/**
 * The options of the network, from the registry of models.
 *
 * @module
 */
import { ACTIVATIONS } from "../../src/models/mod.ts";
import type { ModelOption } from "../../src/models/model.ts";
import {
  MODEL_NAMES,
  MODEL_RECORDS,
  type OwnOptionName,
  ownOptions,
  type OwnValues,
} from "../../src/models/registry.ts";
import type { Table } from "../cli/option_table.ts";

const listed = MODEL_NAMES.map((name) => `${name} (${MODEL_RECORDS[name].about})`).join(", ");

/** The options that choose the network and its activation. */
export const NET_CHOICE = {
  net: { kind: "choice", choices: MODEL_NAMES, help: `The network: ${listed}.` },
  activation: {
    kind: "choice",
    choices: ACTIVATIONS,
    help: "The activation after each layer.",
  },
} as const satisfies Table;

/** The options that only some models have, as options of the command line. */
type OwnTable = {
  readonly [K in OwnOptionName]: {
    readonly kind: "choice";
    readonly choices: readonly NonNullable<OwnValues[K]>[];
    readonly help: string;
    readonly otherwise: string;
  };
};

/**
 * The options that only some models have.
 *
 * @param otherwise The default in words.
 */
export const ownOptionTable = (otherwise: (option: ModelOption) => string): OwnTable =>
  Object.fromEntries(
    ownOptions().map(([name, option]) => {
      const { choices, help } = option;
      return [name, { kind: "choice", choices, help, otherwise: otherwise(option) }];
    }),
  ) as unknown as OwnTable;

/** The values of the options that only this model has: the given ones, else the defaults. */
export const ownValues = (
  net: Parameters<typeof ownOptions>[0],
  given: OwnValues,
): OwnValues =>
  Object.fromEntries(
    ownOptions(net).map(([name, option]) => [name, given[name] ?? option.default]),
  );
