/**
 * The options of the network.
 *
 * @module
 */
import { activationText } from "../../../src/models/registry.ts";
import { NET_CHOICE, ownOptionTable } from "../../models/net_options.ts";
import type { TaskName } from "../../run/settings.ts";
import { presetDefault } from "../presets.ts";
import { netsWithRecipe } from "../recipes/mod.ts";
import type { Table } from "../../cli/option_table.ts";

/** The nets whose defaults are their own, in words. */
function recipesText(task: TaskName): string {
  const nets = netsWithRecipe(task);
  if (nets.length === 0) return "The defaults of other options are the same for all nets.";
  return "The defaults of other options are those of the FitNets, except for nets that have a recipe of " +
    `their authors (see NOTES): ${nets.join(", ")}.`;
}

/** The options that choose the network and its activation. */
export const netOptions = (task: TaskName) =>
  ({
    net: {
      ...NET_CHOICE.net,
      help: `${NET_CHOICE.net.help} ${recipesText(task)}`,
      otherwise: presetDefault(task, "net"),
    },
    ...ownOptionTable(({ default: usual, why }) => `${usual}, ${why}`),
    activation: { ...NET_CHOICE.activation, otherwise: activationText() },
  }) as const satisfies Table;
