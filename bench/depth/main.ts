/**
 * `deno task bench:depth [TABLE …] [--device NAME,…] [--python COMMAND]`: the cost of depth and sequence
 * length, as Markdown tables.
 *
 * @module
 */
import { highways } from "./highway.ts";
import { layers, sequences, totals } from "./nets.ts";
import { orthonormals } from "./orthonormal.ts";
import { planning } from "./planning.ts";
import { markdownTable, type Row } from "./rows.ts";

type Device = "cpu" | "webgpu";

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

if (import.meta.main) {
  const words = [...Deno.args];
  const option = (name: string, otherwise: string) => {
    const at = words.indexOf(`--${name}`);
    return at < 0 ? otherwise : words.splice(at, 2)[1] ?? otherwise;
  };
  const python = option("python", "python3");
  const devices = option("device", "cpu,webgpu").split(",") as Device[];
  const wanted = words.length > 0 ? words : ["planning", ...Object.keys(TABLES)];
  for (const name of wanted) {
    const table = TABLES[name], rows: Row[] = name === "planning" ? planning() : [];
    if (!table && name !== "planning") {
      throw new Error(`expected one of planning, ${Object.keys(TABLES).join(", ")}, found ${name}`);
    }
    for (const device of table ? devices : []) rows.push(...await table!(device, python));
    console.log(`\n${name}\n\n${markdownTable(rows)}`);
  }
}
