/**
 * Programs that are killed as hard as can be at moments drawn from a seed, and what they leave.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { parse } from "@std/csv";
import { decodeCheckpoint } from "../../src/train/checkpoint/checkpoint.ts";
import { decodeSafetensors } from "../../src/train/safetensors/safetensors.ts";
import { threefry } from "../../src/threefry.ts";
import { pause } from "../pause.ts";
import type { Tuple } from "../../src/tuple.ts";

/** How often a program is killed: GOODINIT_TESTS=all for the larger number. */
export const kills = (few: number, all: number): number =>
  Deno.env.get("GOODINIT_TESTS") === "all" ? all : few;

/** What all moments are drawn from; tests print it, and GOODINIT_SEED sets it. */
export const SEED = Number(Deno.env.get("GOODINIT_SEED") ?? Date.now() % 2 ** 31);

/** Prints what happened: in a line, or with GOODINIT_TESTS=all each life in one. */
export function reportKills(log: readonly string[], killed: number, halves: number): void {
  console.log(`GOODINIT_SEED=${SEED}: killed ${killed} times, ${halves} files half-written`);
  if (Deno.env.get("GOODINIT_TESTS") === "all") console.log(log.slice(1).join("\n"));
}

/** Draws integers below a bound. */
export function drawer(seed: number): (below: number) => number {
  let at = 0;
  return (below) => Math.floor((threefry([seed, 0], at++, 0)[0] >>> 0) / 2 ** 32 * below);
}

/** A moment in a program's life. */
export interface Moment {
  readonly doing: string;
  /** The file that is written then; absent for a time after the start. */
  readonly file?: RegExp | undefined;
  /** So many such files are let pass. */
  readonly skip?: number | undefined;
  /** Milliseconds after that. */
  readonly after: number;
  /** It comes after so many checkpoints at the latest; if left out, whenever it comes. */
  readonly most?: number;
}

/** A life of a program. */
export interface Life {
  /** What it did, and when it was killed. */
  readonly moment: string;
  /** Whether it was killed, rather than done before. */
  readonly killed: boolean;
  readonly out: string;
  readonly err: string;
}

const CHECKPOINT = /checkpoints\/step-\d+\.safetensors$/;

/** Resolves when a moment's file is written under a folder; what else it was that ended the wait. */
async function reached(watcher: Deno.FsWatcher, { doing, file, skip = 0, most }: Moment) {
  const files = new Set<string>(), checkpoints = new Set<string>();
  for await (const { kind, paths } of watcher) {
    for (const path of kind === "remove" ? [] : paths) {
      if (file!.test(path)) files.add(path);
      if (CHECKPOINT.test(path)) checkpoints.add(path);
      if (files.size > skip) return `${doing}: ${path.replace(/^.*\/(?=.*\/)/, "")}`;
      if (checkpoints.size >= (most ?? Infinity)) return `after ${most} checkpoints`;
    }
  }
  return "at its end";
}

/** Starts a program that writes under a folder, and kills it at a moment. */
export async function lifeOf(
  start: () => Deno.ChildProcess,
  folder: string,
  moment: Moment,
): Promise<Life> {
  const watcher = Deno.watchFs(folder), child = start();
  const texts = Promise.all([child.stdout, child.stderr].map((s) => new Response(s).text()));
  let open = true;
  const close = () => {
    if (open) watcher.close();
    open = false;
  };
  const status = child.status.finally(close);
  const early = moment.file ? "" : moment.doing;
  const doing = early || await reached(watcher, moment);
  close();
  await Promise.race([pause(moment.after), status]);
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const { signal, code } = await status, [out, err] = await texts as Tuple<string, 2>;
  const killed = signal === "SIGKILL";
  assert(killed || code === 0, `${moment.doing}: expected code 0, found ${code}: ${err}`);
  return { moment: `${doing} + ${moment.after} ms${killed ? "" : " (done)"}`, killed, out, err };
}

/** Fails if a file is not whole. */
async function checkInteger(path: string): Promise<void> {
  if (path.endsWith(".safetensors")) {
    const bytes = await Deno.readFile(path);
    if (path.includes("/checkpoints/")) await decodeCheckpoint(bytes);
    else decodeSafetensors(bytes);
    return;
  }
  const text = await Deno.readTextFile(path);
  if (path.endsWith(".json")) return void JSON.parse(text);
  assert(path.endsWith(".csv"), `expected JSON, CSV or safetensors, found ${path}`);
  assert(text.endsWith("\n"), `expected whole lines in ${path}, found ${text.slice(-40)}`);
  const [head, ...rows] = parse(text) as [string[], ...string[][]];
  for (const row of rows) assertEquals(row.length, head.length, `${path}: ${row}`);
}

/**
 * Fails if any file under a folder is not whole, or a folder holds more than one that was being
 * written. How many those are in all.
 */
export async function checkLeft(folder: string): Promise<number> {
  const unfinished: string[] = [], under: string[] = [];
  let locks = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) under.push(path);
    // A program locks a folder before it removes the file that one that was killed has left.
    else if (/^lock\.json\..*tmp$/.test(name)) locks++;
    else if (name.endsWith(".tmp")) unfinished.push(name);
    else await checkInteger(path);
  }
  assert(unfinished.length <= 1, `${folder}: expected one file at most, found ${unfinished}`);
  let all = unfinished.length + locks;
  for (const path of under) all += await checkLeft(path);
  return all;
}

/** An object without what differs from run to run: times, where it is, and what memory there was. */
export function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(timeless);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([name]) => !TIMES.includes(name)).map(([name, each]) => [
      name,
      timeless(each),
    ]),
  );
}

const TIMES = [
  "started",
  "startedAt",
  "ended",
  "seconds",
  "initSeconds",
  "imagesPerSecond",
  "command",
  "resumed",
  "checkpoints",
  "memory",
];

/** The rows of a CSV file without times. */
export const rowsIn = async (path: string): Promise<unknown> =>
  timeless(parse(await Deno.readTextFile(path), { skipFirstRow: true }));
