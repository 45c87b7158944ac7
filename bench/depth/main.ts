/**
 * `deno task bench:depth`: the cost of depth and sequence length, as Markdown tables. See `--help`.
 *
 * @module
 */
import {
  type Command,
  command,
  OptionError,
  programFromCaller,
  type Values,
} from "../../tasks/cli/mod.ts";
import { chooseDevices, DEVICE_LIST } from "../devices.ts";
import { highways } from "./highway.ts";
import { layers, sequences, totals } from "./nets.ts";
import { orthonormals } from "./orthonormal.ts";
import { planning } from "./planning.ts";
import { markdownTable, type Row } from "./rows.ts";

type Device = (typeof DEVICE_LIST)[number];

/** Tables by name, measured on each device. */
const TABLES: Readonly<
  Record<string, (device: Device, python: string) => Promise<Row[]> | Row[]>
> = {
  orthonormal: orthonormals,
  layers: (device) => layers(device, [50, 200, 1000]),
  highway: (device) => highways(device, [100, 300, 1000]),
  sequences: (device) => sequences(device, [50, 200, 400, 1000]),
  totals: (device) => totals(device, [1500, 3000, 10_000]),
};

const NAMES = ["planning", ...Object.keys(TABLES)];

const OPTIONS = {
  device: {
    kind: "text",
    value: "NAME,…",
    default: DEVICE_LIST.join(","),
    help: "The devices to measure.",
  },
  python: {
    kind: "text",
    value: "COMMAND",
    default: "python3",
    help: "A Python that has torch, for the table of orthonormal weights.",
  },
} as const;

const DEPTH: Command<typeof OPTIONS> = {
  name: "bench:depth",
  table: OPTIONS,
  page: {
    command: "deno task bench:depth",
    about: "measure the cost of depth and sequence length, as Markdown tables.",
    operands: { names: [["TABLE", `One of ${NAMES.join(", ")}.`]], least: 0, repeats: true },
    examples: [
      ["deno task bench:depth", "All tables:"],
      ["deno task bench:depth layers highway --device cpu", "Two of them, on the CPU:"],
    ],
    notes: [
      "planning is the same for every device; the other tables have rows for each.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

function checkNames(names: readonly string[]): readonly string[] {
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown === undefined) return names;
  throw new OptionError(`expected one of ${NAMES.join(", ")}, found ${unknown}`);
}

async function work(values: Values<typeof OPTIONS>, operands: readonly string[]): Promise<void> {
  const devices = chooseDevices(values.device), python = programFromCaller(values.python);
  for (const name of checkNames(operands.length > 0 ? operands : NAMES)) {
    const table = TABLES[name], rows: Row[] = table ? [] : planning();
    for (const device of table ? devices : []) rows.push(...await table!(device, python));
    console.log(`\n${name}\n\n${markdownTable(rows)}`);
  }
}

if (import.meta.main) {
  Deno.exit(await command(DEPTH, Deno.args, ({ values, operands }) => work(values, operands)));
}
