/**
 * `deno task results`: fills docs/results.md from records of results. See `--help`.
 *
 * @module
 */
import { type Command, command, OptionError, TaskError, type Values } from "../../tasks/cli/mod.ts";
import { checkOption } from "../check_option.ts";
import { addResults } from "./add.ts";
import { checkPage, PAGE, TEMPLATE, writePage } from "./page.ts";
import { REPORTS } from "./records.ts";

const TABLE = {
  ...checkOption(PAGE),
  add: {
    kind: "path",
    value: "RESULTS",
    help:
      "First record the results in this folder: of an experiment, of a run or of several, or the file of " +
      "study:blog.",
    otherwise: "nothing is recorded",
  },
  as: {
    kind: "text",
    value: "NAME",
    help: `The name of the record, a folder in ${REPORTS}; needed with --add.`,
    otherwise: "none",
  },
  merge: {
    kind: "flag",
    default: false,
    help:
      "With --add, of an experiment: add runs, such as those of further seeds, to its record, and keep those that " +
      "it has.",
  },
  variances: {
    kind: "path",
    value: "DATA",
    help:
      "With --add, of single runs: measure the variance of each layer at the end, on test images in this folder.",
    otherwise: "not measured",
  },
} as const;

const COMMAND: Command<typeof TABLE> = {
  name: "results",
  table: TABLE,
  page: {
    command: "deno task results",
    about: `fill ${PAGE} from the records in ${REPORTS}, and draw its pictures.`,
    examples: [
      ["deno task results", `After a change of ${TEMPLATE}:`],
      [
        "deno task results --add runs/table3 --as table3",
        "Record an experiment, and fill the page:",
      ],
      ["deno task results --check", "As deno task ok does:"],
    ],
    notes: [
      `The page is written in ${TEMPLATE}: its marks in double braces are replaced by what records say.`,
      "A record holds the description of an experiment, the facts of its runs and their numbers by epoch, step and " +
      "layer, but no weights. Recording an experiment replaces its record, except with --merge; single runs are added " +
      "to those of a record.",
      "Pictures are drawn by Vega-Lite, fetched from npm at first use.",
      "Exit codes: 0 done, 1 something failed or is not up to date, 2 a wrong command line.",
    ],
  },
};

async function work(
  { check, add, as: name, variances, merge }: Values<typeof TABLE>,
): Promise<void> {
  if ((add === undefined) !== (name === undefined)) {
    throw new OptionError("expected --add and --as together, found one of them");
  }
  if (check && add !== undefined) throw new OptionError("expected --check alone, found --add");
  if (variances !== undefined && add === undefined) {
    throw new OptionError("expected --variances with --add, found it alone");
  }
  if (merge && (add === undefined || variances !== undefined)) {
    throw new OptionError("expected --merge with --add and without --variances");
  }
  if (add !== undefined && name !== undefined) {
    await addResults(add, name, { data: variances, merge });
  }
  if (!check) return await writePage();
  const faults = await checkPage();
  if (faults.length > 0) {
    throw new TaskError(`not up to date: ${faults.join(", ")}; run deno task results`);
  }
}

if (import.meta.main) Deno.exit(await command(COMMAND, Deno.args, ({ values }) => work(values)));
