/**
 * Tables of measurements.
 *
 * @module
 */

/** A row of a table: cells by column. */
export type Row = Record<string, string | number>;

/** Milliseconds of a call. */
export function milliseconds(f: () => unknown): number {
  const from = performance.now();
  f();
  return performance.now() - from;
}

/** Milliseconds of an asynchronous call. */
export async function asyncMilliseconds(f: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await f();
  return performance.now() - from;
}

/** The memory of the process, in MiB. */
export const processMemory = (): Row => {
  const { heapUsed, rss } = Deno.memoryUsage();
  return { "heap, MiB": heapUsed / 2 ** 20, "in all, MiB": rss / 2 ** 20 };
};

const shown = (value: string | number | undefined): string =>
  typeof value === "number"
    ? Number.isInteger(value) || value >= 100 ? value.toFixed(0) : value.toPrecision(3)
    : value ?? "";

/** Rows as a Markdown table. */
export function markdownTable(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [
    names,
    names.map(() => "---"),
    ...rows.map((row) => names.map((n) => shown(row[n]))),
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
