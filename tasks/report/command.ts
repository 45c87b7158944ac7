/**
 * `deno task report`: writes a report from a folder of results.
 *
 * @module
 */
import { type Command, command } from "../cli/command.ts";
import { OptionError } from "../cli/option_table.ts";
import { readResults } from "./read_results.ts";
import { writeReport } from "./write.ts";

const TABLE = {
  out: {
    kind: "path",
    value: "FILE",
    help: "The HTML page, whose name ends in .html; Markdown and figures are written beside it.",
    otherwise: "report.html in the folder of results",
  },
} as const;

const REPORT: Command<typeof TABLE> = {
  name: "report",
  table: TABLE,
  page: {
    command: "deno task report",
    about:
      "write a report of results: tables compared with the paper's, learning curves, the variance " +
      "of each layer, time, settings and the source of every number.",
    operands: {
      names: [["RESULTS", "The folder of a run, of several runs, or of an experiment.", "path"]],
      least: 1,
    },
    examples: [
      ["deno task report runs/MY-RUN", "One run:"],
      ["deno task report runs --out report/all.html", "All runs in a folder, to another place:"],
    ],
    notes: [
      "The page needs no network and no other file. Results may be incomplete: the report lists what is " +
      "missing. An existing report is replaced.",
      "Figures are drawn by Vega-Lite, fetched from npm at first use; where it is not available, the " +
      "report is written without figures and says so.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

async function work(results: string, out: string): Promise<void> {
  if (!out.endsWith(".html")) {
    throw new OptionError(`--out: expected a name that ends in .html, found ${out}`);
  }
  const { files: [page, ...rest], faults } = await writeReport(await readResults(results), out);
  for (const fault of faults) console.error(`report: ${fault}`);
  console.log([page, ...rest.map((path) => path.split(/[/\\]/).at(-1))].join(", "));
}

/** Runs the task; returns the exit code. */
export const report = (args: readonly string[]): Promise<number> =>
  command(
    REPORT,
    args,
    ({ values: { out }, operands: [results] }) =>
      work(results!, out ?? `${results!.replace(/[/\\]+$/, "")}/report.html`),
  );
