/**
 * The notebook runs from top to bottom without Jupyter: its code cells, in order, are one module.
 */
import { assert, assertEquals } from "@std/assert";
import { printedBy, throughDeno } from "./subprocess.ts";

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly source: readonly string[];
  readonly outputs?: readonly unknown[];
}

const text = await Deno.readTextFile(new URL("../examples/lsuv.ipynb", import.meta.url));
const { cells }: { readonly cells: readonly Cell[] } = JSON.parse(text);
const code = cells.filter((cell) => cell.cell_type === "code");

/** What the cells came to, printed as one line. */
const TELL = `
const shown = (x: object) => x[Symbol.for("Jupyter.display")]();
console.log(JSON.stringify({
  before: [...before.data],
  after: [...after.data],
  losses,
  table: shown(after),
  drawing: shown(drawing),
}));
await run[Symbol.asyncDispose]();
`;

Deno.test("the notebook's cells run in order, and LSUV makes the difference", async () => {
  const program = [...code.map(({ source }) => source.join("")), TELL].join("\n");
  const printed = await printedBy(["--ext=ts", "-"], { stdin: program });
  const { before, after, losses, table, drawing } = JSON.parse(printed[printed.length - 1]!);
  assertEquals([before.length, after.length], [12, 12]);
  assert(before[11] < 1e-3, `variance of the last layer before: ${before[11]}`);
  assert(after.every((v: number) => Math.abs(v - 1) < 0.1), `variances after: ${after}`);
  const { Gaussian, LSUV } = losses;
  assert(LSUV[79] < 0.25 && LSUV[79] < Gaussian[79] / 2, `${LSUV[79]} and ${Gaussian[79]}`);
  assert(table["text/html"].includes("<code>f32[12]</code><table>"), table["text/html"]);
  assert(drawing["image/svg+xml"].startsWith("<svg "), drawing["image/svg+xml"]);
});

Deno.test("the notebook is kept without outputs", () => {
  assert(code.length > 4);
  assertEquals(code.flatMap(({ outputs }) => outputs), []);
});

// `deno fmt --check` calls every notebook with a cell unformatted (2.9.6), so the gate leaves it out.
Deno.test("the notebook is formatted", async () => {
  assertEquals(await throughDeno(["fmt", "--ext=ipynb", "-"], { stdin: text }), text);
});
