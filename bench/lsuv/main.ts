/**
 * `deno task bench:lsuv`: whether LSUV's reports are accurate. See `--help`.
 *
 * @module
 */
import { DEVICES } from "../../src/device/open.ts";
import { type Command, command, openDevice, type Values } from "../../tasks/cli/mod.ts";
import { compare, distance } from "./compare.ts";
import { nets } from "./nets.ts";

const TABLE = {
  device: { kind: "choice", choices: DEVICES, default: "cpu", help: "The device." },
  depth: { kind: "integer", from: 1, default: 300, help: "The layers of the deepest net." },
} as const;

const LSUV: Command<typeof TABLE> = {
  name: "bench:lsuv",
  table: TABLE,
  page: {
    command: "deno task bench:lsuv",
    about:
      "check that LSUV's reports are accurate: reported variances beside those measured with " +
      "the returned parameters, for nets of every kind, as a Markdown table.",
    examples: [
      ["deno task bench:lsuv", "On the CPU:"],
      ["deno task bench:lsuv --device webgpu --depth 50", "On a GPU, less deep:"],
    ],
    notes: ["Exit codes: 0 done, 1 something failed, 2 a wrong command line."],
  },
};

const span = (values: readonly number[]) =>
  [...new Set([Math.min(...values), Math.max(...values)].map((v) => v.toPrecision(4)))].join(
    " to ",
  );

async function work({ device, depth }: Values<typeof TABLE>): Promise<void> {
  await using run = await openDevice({ device });
  console.log(`${run.device}\n`);
  console.log(
    "| net | scaled: reported | measured | others: reported | measured | largest difference |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const at of nets(depth)) {
    const rows = await compare(run, at), units = rows.filter(({ uncovered }) => !uncovered);
    const cells = [false, true].flatMap((others) => {
      const chosen = units.filter(({ name }) => (at.others ?? []).includes(name) === others);
      return chosen.length
        ? [span(chosen.map(({ after }) => after)), span(chosen.map(({ measured }) => measured))]
        : ["", ""];
    });
    const uncovered = rows.filter(({ uncovered }) => uncovered).map(({ name }) => `\`${name}\``);
    const name = at.name + (uncovered.length ? `; not covered: ${uncovered.join(", ")}` : "");
    console.log(`| ${name} | ${cells.join(" | ")} | ${distance(rows).toExponential(1)} |`);
  }
}

if (import.meta.main) Deno.exit(await command(LSUV, Deno.args, ({ values }) => work(values)));
