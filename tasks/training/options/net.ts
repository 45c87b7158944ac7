/**
 * The options of the network.
 *
 * @module
 */
import { NET_CHOICE, ownOptionTable } from "../../models/net_options.ts";
import type { TaskName } from "../../run/settings.ts";
import { presetDefault } from "../presets.ts";
import type { Table } from "../../cli/option_table.ts";

/** The options that choose the network and its activation. */
export const netOptions = (task: TaskName) =>
  ({
    net: { ...NET_CHOICE.net, otherwise: presetDefault(task, "net") },
    ...ownOptionTable(({ default: usual, why }) => `${usual}, ${why}`),
    activation: { ...NET_CHOICE.activation, default: "maxout" },
  }) as const satisfies Table;
