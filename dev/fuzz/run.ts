/**
 * Fuzzes one format: makes files, judges the reader, and shrinks what it finds.
 *
 * @module
 */
import { fileOf, type Find, judge, type OpenFormat, recipeOf, shrunk } from "./judge.ts";

/** Which files of a format are made. */
export interface Span {
  readonly seed: number;
  /** The number of the format in the order of all, which choices depend on. */
  readonly order: number;
  /** The first file, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** What is told while a format is fuzzed. */
export interface RunObserver {
  /** Called before each file, with how many of those before it were accepted. */
  readonly before?: ((file: number, accepted: number) => void) | undefined;
  /** Called with each find of another kind. */
  readonly found?: ((find: Find) => void) | undefined;
}

/** How many files were read, and how. */
export interface Counts {
  readonly files: number;
  readonly accepted: number;
}

/** A fault without its numbers, by which finds of one kind are told. */
const kindOf = (fault: string): string => fault.replace(/\d+/g, "N").slice(0, 120);

/** Empties a folder. */
async function empty(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    await Deno.remove(`${folder}/${name}`, { recursive: true });
  }
}

/** Reads the files of a span; each kind of fault is found once. */
export async function runSpan(
  open: OpenFormat,
  { seed, order, from, to }: Span,
  { before, found }: RunObserver = {},
): Promise<Counts> {
  const folder = await Deno.makeTempDir(), kinds = new Set<string>();
  let accepted = 0, file = from;
  try {
    for (; file < to; file++) {
      before?.(file, accepted);
      const recipe = recipeOf(open, seed, order, file), bytes = await fileOf(open, recipe);
      const verdict = await judge(open, bytes, folder);
      await empty(folder);
      if (!("fault" in verdict)) {
        if (verdict.accepted) accepted++;
        continue;
      }
      if (kinds.has(kindOf(verdict.fault))) continue;
      const find = await shrunk(open, { ...recipe, fault: verdict.fault }, folder);
      kinds.add(kindOf(verdict.fault)).add(kindOf(find.fault));
      found?.(find);
      await empty(folder);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return { files: file - from, accepted };
}
