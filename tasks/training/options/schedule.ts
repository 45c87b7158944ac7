/**
 * The options of the learning rate's schedule.
 *
 * @module
 */
import type { TaskName } from "../../run/settings.ts";
import { recipeOf } from "../recipes.ts";
import type { Table } from "../../cli/option_table.ts";

/** The options of the drops of the learning rate. */
export function scheduleOptions(task: TaskName) {
  const drops = recipeOf(task).drops.map((fraction) => fraction.join("/"));
  return {
    "drop-at": {
      kind: "numbers",
      value: "EPOCH,…",
      help:
        "Epochs after which the learning rate is multiplied by --drop-by (fractions allowed), or none.",
      otherwise: `${drops.slice(0, -1).join(", ")} and ${
        drops.at(-1)
      } of --epochs, as in the paper`,
    },
    "drop-by": {
      kind: "number",
      above: 0,
      default: 0.1,
      help: "The factor of the learning rate at each drop.",
    },
  } as const satisfies Table;
}
