/**
 * Runs the notebook's code cells in order as one module, as Deno's kernel would, and gives what each shows.
 * As a program it writes these outputs into the notebook: `deno run -A tests/golden/notebook.ts`.
 *
 * @module
 */
import { printedBy } from "../subprocess.ts";

const FILE = new URL("../../examples/lsuv.ipynb", import.meta.url);

/** What a cell shows, by media type. */
export type Shown = Readonly<Record<string, string>>;

/** A cell of a notebook. */
export interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly source: readonly string[];
  outputs?: readonly { readonly data: Readonly<Record<string, readonly string[]>> }[];
  execution_count?: number | null;
}

/** A notebook's file. */
export interface Notebook {
  readonly cells: readonly Cell[];
}

/** The notebook's text. */
export const notebookText = (): Promise<string> => Deno.readTextFile(FILE);

/** The cells of code. */
export const codeCells = ({ cells }: Notebook): readonly Cell[] =>
  cells.filter((cell) => cell.cell_type === "code");

const SHOW = `const __shown: unknown[] = [];
const __show = (x: any) => __shown.push(x?.[Symbol.for("Jupyter.display")]?.() ?? null);\n`;

/** A cell whose last statement, an expression, is shown. */
function showingLast({ source }: Cell): string {
  const lines = source.join("").trimEnd().split("\n");
  const last = lines.findLastIndex((line) => /^\S/.test(line) && !/^[)}\]]/.test(line));
  const expression = lines.slice(last).join("\n").replace(/;$/, "");
  return [...lines.slice(0, last), `__show(${expression});`].join("\n");
}

/**
 * Runs the cells.
 *
 * @param values An expression of their variables.
 * @return What each cell shows, null for a plain value; and the expression's value.
 */
export async function runNotebook(
  notebook: Notebook,
  values = "null",
): Promise<{ readonly shown: readonly (Shown | null)[]; readonly values: never }> {
  const end = `console.log(JSON.stringify({ shown: __shown, values: ${values} }));
    await run[Symbol.asyncDispose]();`;
  const program = [SHOW, ...codeCells(notebook).map(showingLast), end].join("\n");
  const printed = await printedBy(["--ext=ts", "-"], { stdin: program });
  return JSON.parse(printed[printed.length - 1]!);
}

/** A text as a notebook's file has it: as lines. */
const lines = (text: string): string[] => text.split(/(?<=\n)/);

/** The notebook with what its cells show; plain values, which name the machine, are left out. */
export function withOutputs(notebook: Notebook, shown: readonly (Shown | null)[]): string {
  codeCells(notebook).forEach((cell, i) => {
    const data = shown[i];
    cell.execution_count = data ? i + 1 : null;
    cell.outputs = data
      ? [{
        data: Object.fromEntries(Object.entries(data).map(([type, text]) => [type, lines(text)])),
        execution_count: i + 1,
        metadata: {},
        output_type: "execute_result",
      } as { data: Record<string, string[]> }]
      : [];
  });
  return JSON.stringify(notebook, null, 1) + "\n";
}

if (import.meta.main) {
  const notebook: Notebook = JSON.parse(await notebookText());
  const { shown } = await runNotebook(notebook);
  await Deno.writeTextFile(FILE, withOutputs(notebook, shown));
}
