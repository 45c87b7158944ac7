/**
 * The verdicts of earlier runs, kept in results.json beside this file by a hash of the faulty file and of the
 * tests, so that a run goes on where an earlier one stopped and repeats only what has changed.
 *
 * @module
 */
import { writeAtomically } from "../../src/train/write_atomically.ts";
import { readJson } from "../../tasks/schema/read_json.ts";
import { choice, number, object, record, type Schema, text } from "../../tasks/schema/schema.ts";
import { type Fault, faultName, plant } from "./fault.ts";
import type { Verdict } from "./judge.ts";

/** A verdict, and what it is about. */
export interface Kept extends Verdict {
  readonly hash: string;
}

/** Verdicts by the name of their fault. */
export type Results = Record<string, Kept>;

const SCHEMA: Schema<Results> = record(object<Kept>({
  hash: text,
  outcome: choice("killed", "survived", "time-out", "error"),
  seconds: number({ from: 0 }),
  what: text,
}));

/** The verdicts kept in a file; none if there is no such file. */
export const readResults = async (file: string): Promise<Results> =>
  await readJson(file, SCHEMA) ?? {};

/** Writes verdicts, in the order of their names. */
async function writeResults(file: string, results: Results): Promise<void> {
  const sorted = Object.entries(results).toSorted(([a], [b]) => a < b ? -1 : 1);
  await writeAtomically(file, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
}

/** Keeps a verdict beside those that the file has by now. */
export async function keepVerdict(file: string, name: string, kept: Kept): Promise<void> {
  await writeResults(file, { ...await readResults(file), [name]: kept });
}

/** Forgets verdicts of faults that are in the catalogue no longer. */
export async function forgetOthers(file: string, names: ReadonlySet<string>): Promise<void> {
  const kept = Object.entries(await readResults(file)).filter(([name]) => names.has(name));
  await writeResults(file, Object.fromEntries(kept));
}

/** The hash of a fault's file with the fault, and of its tests. */
export async function hashFault(root: string, fault: Fault): Promise<string> {
  const planted = plant(await Deno.readTextFile(`${root}/${fault.file}`), fault);
  const tests = await Promise.all(fault.tests.map((path) => Deno.readTextFile(`${root}/${path}`)));
  const bytes = new TextEncoder().encode([planted, ...tests].join("\0"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return digest.toHex().slice(0, 16);
}

/** The verdict that still holds for a fault, if there is one; an error is tried again. */
export async function heldVerdict(
  root: string,
  fault: Fault,
  results: Results,
): Promise<Verdict | undefined> {
  const kept = results[faultName(fault)];
  if (!kept || kept.outcome === "error") return undefined;
  return kept.hash === await hashFault(root, fault) ? kept : undefined;
}
