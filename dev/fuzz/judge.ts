/**
 * Judges how a reader takes a file: it ends in time and memory, with valid values or with one line.
 *
 * @module
 */
import process from "node:process";
import { DataError } from "../../src/data/mod.ts";
import { CheckpointError, SafetensorsError } from "../../src/train/mod.ts";
import { OptionError, TaskError } from "../../tasks/cli/mod.ts";
import { type Bytes, drawEdits, type Edit, edited, type EditSource } from "./edits.ts";
import { drawsOf } from "./draws.ts";
import { type Format, Wrong } from "./format.ts";

/** The errors of a file: those that tasks print as one line. */
const ERRORS = [DataError, TaskError, OptionError, SafetensorsError, CheckpointError];

/** The most characters of an error, seconds of computing for a file, and MiB that the memory grows by. */
const MOST_TEXT = 2500, MOST_SECONDS = 5, MOST_MEMORY = 400;

/** How to make a file: which whole one, its edits, and whether its checksums are then right. */
export interface Recipe {
  readonly format: string;
  readonly seed: number;
  readonly edits: readonly Edit[];
  readonly sealed: boolean;
}

/** A file that a reader did not take as it should, and why. */
export interface Find extends Recipe {
  readonly fault: string;
}

/** A format with its whole files. */
export interface OpenFormat extends EditSource {
  readonly format: Format;
}

/** Reads the whole files of a format. */
export const openFormat = async (format: Format): Promise<OpenFormat> => ({
  format,
  seeds: await format.seeds(),
  json: format.json,
});

/** The recipe of the file of a number. */
export function recipeOf(open: OpenFormat, seed: number, order: number, file: number): Recipe {
  const draws = drawsOf(seed, order, file), { format, seeds, json } = open;
  return {
    format: format.name,
    seed: draws.below(seeds.length),
    sealed: format.reseal !== undefined && draws.below(4) > 0,
    edits: drawEdits(draws, json !== undefined),
  };
}

/** The file of a recipe. */
export async function fileOf(open: OpenFormat, { seed, edits, sealed }: Recipe): Promise<Bytes> {
  const bytes = edited(open.seeds[seed % open.seeds.length]!, edits, open);
  return sealed && open.format.reseal ? await open.format.reseal(bytes) : bytes;
}

/** What is wrong with an error; undefined where it is one line of the house's. */
function faultOf(error: unknown): string | undefined {
  if (error instanceof Wrong) return `accepted: ${error.message}`;
  if (!ERRORS.some((kind) => error instanceof kind)) {
    return error instanceof Error
      ? `${error.name}: ${error.message} ${(error.stack ?? "").split("\n")[1]?.trim() ?? ""}`
      : `not an error: ${String(error)}`;
  }
  const { message } = error as Error;
  // deno-lint-ignore no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(message)) return `not one line: ${JSON.stringify(message)}`;
  if (message.length > MOST_TEXT) return `${message.length} characters: ${message.slice(0, 200)}`;
}

/** Whether a file is accepted, refused, or found out. */
export type Verdict = { readonly accepted: boolean } | { readonly fault: string };

const mebibytes = () => Deno.memoryUsage().rss / 2 ** 20;

/** The seconds that this process has computed, which do not depend on what else the machine does. */
function computed(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Judges a file. */
export async function judge(
  { format }: OpenFormat,
  bytes: Bytes,
  folder: string,
): Promise<Verdict> {
  const start = computed(), before = mebibytes();
  let accepted = true, fault: string | undefined;
  try {
    await format.read(bytes, folder);
  } catch (error) {
    accepted = false;
    fault = faultOf(error);
  }
  const seconds = computed() - start, grown = mebibytes() - before;
  if (fault !== undefined) return { fault };
  if (seconds > MOST_SECONDS) return { fault: `it took ${seconds.toFixed(1)} s` };
  if (grown > MOST_MEMORY) return { fault: `it took ${Math.round(grown)} MiB` };
  return { accepted };
}

/** A find with as few edits as still show a fault. */
export async function shrunk(open: OpenFormat, find: Find, folder: string): Promise<Find> {
  for (let left = 0; left < find.edits.length; left++) {
    const edits = find.edits.toSpliced(left, 1), recipe = { ...find, edits };
    const verdict = await judge(open, await fileOf(open, recipe), folder);
    if ("fault" in verdict) return await shrunk(open, { ...recipe, fault: verdict.fault }, folder);
  }
  return find;
}
