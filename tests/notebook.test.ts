/**
 * The notebook runs from top to bottom without Jupyter: its code cells, in order, are one module. It is kept
 * with what its cells show.
 */
import { assert, assertEquals } from "@std/assert";
import {
  type Cell,
  codeCells,
  type Notebook,
  notebookText,
  runNotebook,
  type Shown,
} from "./golden/notebook.ts";
import { throughDeno } from "./subprocess.ts";

const text = await notebookText(), notebook: Notebook = JSON.parse(text);
const cells = codeCells(notebook);

let ran: ReturnType<typeof runNotebook> | undefined;
const run = () => ran ??= runNotebook(notebook, "{ before, after, losses }");

/** What a cell is kept with. */
const kept = ({ outputs = [] }: Cell): Shown | null =>
  outputs[0]
    ? Object.fromEntries(
      Object.entries(outputs[0].data).map(([type, text]) => [type, text.join("")]),
    )
    : null;

Deno.test("the notebook's cells run in order, and LSUV makes the difference", async () => {
  const { before, after, losses } = (await run()).values;
  assertEquals([(before as number[]).length, (after as number[]).length], [12, 12]);
  assert(before[11] < 1e-3, `variance of the last layer before: ${before[11]}`);
  assert((after as number[]).every((v) => Math.abs(v - 1) < 0.1), `variances after: ${after}`);
  const { Gaussian, LSUV } = losses as Record<string, number[]>;
  assert(LSUV![79]! < 0.25 && LSUV![79]! < Gaussian![79]! / 2, `${LSUV![79]} and ${Gaussian![79]}`);
});

Deno.test("every cell of the notebook shows a value: tables, and drawings with named axes", async () => {
  const { shown } = await run();
  const types = shown.map((each) => each && Object.keys(each));
  const drawing = ["text/plain", "image/svg+xml"];
  assertEquals(types, [null, ["text/plain", "text/html"], drawing, drawing, drawing]);
  const last = shown[4]!["image/svg+xml"]!;
  assert(last.startsWith("<svg ") && last.includes(">step</text>"), last);
  assert(last.includes(">cross-entropy</text>") && last.includes(">LSUV</text>"), last);
});

Deno.test("the notebook is kept with what its cells show", async () => {
  const { shown } = await run();
  cells.forEach((cell, i) => {
    assertEquals(Object.keys(kept(cell) ?? {}), Object.keys(shown[i] ?? {}));
    for (const [type, is] of Object.entries(shown[i] ?? {})) {
      // Devices differ by rounding, so numbers may differ in their last digits.
      const parts = (text: string) => text.split(/(-?[\d.]+(?:e-?\d+)?)/);
      const found = parts(kept(cell)![type]!), expected = parts(is);
      assertEquals(found.length, expected.length, `cell ${i}: run tests/golden/notebook.ts`);
      found.forEach((part, at) => {
        const other = expected[at]!, apart = Math.abs(Number(part) - Number(other));
        assert(
          at % 2 === 0 ? part === other : !(apart > 0.1 + 0.05 * Math.abs(Number(other))),
          `cell ${i}: expected ${other}, found ${part}; run tests/golden/notebook.ts`,
        );
      });
    }
  });
});

// `deno fmt --check` calls every notebook with a cell unformatted (2.9.6), so the gate leaves it out.
Deno.test("the notebook is formatted", async () => {
  assertEquals(await throughDeno(["fmt", "--ext=ipynb", "-"], { stdin: text }), text);
});
