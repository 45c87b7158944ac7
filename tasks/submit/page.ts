/**
 * The help page of `deno task submit`.
 *
 * @module
 */
import type { Page } from "../cli/help.ts";
import { ASKED_NAMES } from "./options.ts";
import { TARGET_NAMES } from "./target.ts";

/** The help page. */
export const PAGE: Page = {
  command: "deno task submit",
  about: "write a job script that runs a task on a cluster, or submit it.",
  operands: {
    names: [
      ["TASK", `One of ${TARGET_NAMES.join(", ")}, also behind a --.`],
      ["ARGUMENT", "The task's own options, which are checked before anything is submitted."],
    ],
    least: 1,
    repeats: true,
  },
  sections: [
    {
      title: "OPTIONS OF THE SCHEDULER",
      note: "Passed on to it, those that it has.",
      options: [...ASKED_NAMES, "also"],
    },
  ],
  examples: [
    ["deno task submit -- repro:table3 --seeds 0,1,2", "Print the script of a grid's job array:"],
    [
      "deno task submit --now --array 20 --partition gpu --gpus-per-task 1 -- repro:table3 --paper",
      "Submit it, with a GPU for each of 20 jobs:",
    ],
    [
      "deno task submit --now --ranks 4 --time 8:00:00 -- train:cifar --preset paper",
      "A training by four processes:",
    ],
  ],
  notes: [
    "The jobs of an array share the experiment's runs and its folder, which must be on a file system that all " +
    "nodes have: docs/scale.md says which. Each takes a run that no other one has, until none is left, and " +
    "the last prints the table. Submitting the same again starts what is missing.",
    "A job whose time is nearly up, or that is preempted, writes a checkpoint and is run again; what it had " +
    "begun is resumed, to the same bits. scancel ends it with a checkpoint.",
    "The forecast is measured on this machine. Nodes may be slower or faster: a job whose time was too short " +
    "is run again.",
    "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
  ],
};
