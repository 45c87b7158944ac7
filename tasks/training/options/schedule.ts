/**
 * The options of the learning rate's schedule.
 *
 * @module
 */
import { SCHEDULES, type TaskName } from "../../run/settings.ts";
import { recipeOf } from "../recipes/fitnets.ts";
import type { Table } from "../../cli/option_table.ts";

/** The options of the learning rate's course. */
export function scheduleOptions(task: TaskName) {
  const { drops: fractions, dropsFrom } = recipeOf(task);
  const drops = fractions.map((fraction) => fraction.join("/"));
  return {
    schedule: {
      kind: "choice",
      choices: SCHEDULES,
      default: "multistep",
      help:
        "The course of the learning rate: multistep drops at --drop-at, step every --drop-every epochs; " +
        "exponential falls by the same in as many epochs, gradually; linear changes to --rate-end, poly " +
        "falls to 0 as (1 - t)^power, cosine falls to --rate-end along half a cosine, all by --rate-until; " +
        "restarts does so again every --restart-every epochs; onecycle rises from a 25th to the rate in 0.3 " +
        "of the epochs and then falls to almost 0.",
    },
    "drop-at": {
      kind: "numbers",
      value: "EPOCH,…",
      help:
        "Epochs after which the learning rate is multiplied by --drop-by (fractions allowed), or none.",
      otherwise: `${drops.slice(0, -1).join(", ")} and ${drops.at(-1)} of --epochs${
        dropsFrom ? `, as in ${dropsFrom}` : ""
      }`,
    },
    "drop-by": {
      kind: "number",
      above: 0,
      default: 0.1,
      help: "The factor of the learning rate at each drop.",
    },
    "drop-every": {
      kind: "number",
      above: 0,
      help:
        "With --schedule step or exponential: the epochs from one drop to the next (fractions allowed).",
    },
    "rate-end": {
      kind: "number",
      from: 0,
      help: "With --schedule linear, cosine or restarts: the learning rate at the end.",
      otherwise: "0",
    },
    "rate-until": {
      kind: "number",
      above: 0,
      help:
        "With --schedule linear, poly, cosine or onecycle: the epoch by which it ends (fractions allowed).",
      otherwise: "the last",
    },
    power: {
      kind: "number",
      above: 0,
      help: "With --schedule poly: the exponent.",
      otherwise: "1",
    },
    "restart-every": {
      kind: "number",
      above: 0,
      help:
        "With --schedule restarts: the epochs from one restart to the next (fractions allowed).",
    },
    warmup: {
      kind: "number",
      above: 0,
      value: "EPOCHS",
      help:
        "With any schedule: the first epochs, in which the learning rate is multiplied by a factor that grows " +
        "from 0 to 1 (fractions allowed).",
      otherwise: "none",
    },
  } as const satisfies Table;
}
