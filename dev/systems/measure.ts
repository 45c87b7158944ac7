/**
 * What LSUV makes of each system's net at full size: kept in lsuv.json beside this file.
 *
 * @module
 */
import { lsuvWithReport, reportRows } from "../../src/init/mod.ts";
import { type Key, key, normal } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { Tensor } from "../../src/tensor.ts";
import { sizeOf } from "../../src/shape.ts";
import { readJson } from "../../tasks/schema/read_json.ts";
import { integer, number, object, pair, record, type Schema } from "../../tasks/schema/schema.ts";
import { callOf, createNet } from "./net.ts";
import type { System } from "./rows.ts";

/** The outcome of one initialization. */
export interface Outcome {
  /** Images of the batch, whose pixels are normal. */
  readonly batch: number;
  /** Layers with weights, each maxout piece counted by itself. */
  readonly units: number;
  /** Those within the tolerance of 0.1. */
  readonly converged: number;
  /** The most rescalings of one. */
  readonly trials: number;
  /** The least and the largest variance before and after. */
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
}

/** Outcomes by the call that builds the net. */
export type Outcomes = Record<string, Outcome>;

const FILE = new URL("lsuv.json", import.meta.url);
/** A batch's images, of small and of large ones. */
const FEW = 4, MANY = 16, LARGE = 10_000;

const range = (values: readonly number[]): [number, number] => {
  const rounded = (v: number) => Number(v.toPrecision(3));
  return [rounded(Math.min(...values)), rounded(Math.max(...values))];
};

const count = integer({ from: 0 });

const SCHEMA: Schema<Outcomes> = record(object<Outcome>({
  batch: count,
  units: count,
  converged: count,
  trials: count,
  before: pair(number(), number()),
  after: pair(number(), number()),
}));

/** The outcomes that were measured. */
export const readOutcomes = async (path: string = FILE.pathname): Promise<Outcomes> =>
  await readJson(path, SCHEMA) ?? {};

/** Initializes a system's net by LSUV with orthonormal weights. */
export async function measureOutcome(run: Runtime, system: System): Promise<Outcome> {
  const net = createNet(system), batch = sizeOf(system.input) > LARGE ? FEW : MANY;
  const x = run.jit((k: Key) => normal(k, [batch, ...system.input]))(key(1));
  const init = run.jit((k: Key, x: Tensor) => lsuvWithReport(net, net.init(k, x), x)[1]);
  const rows = reportRows(await run.read(init(key(0), x)));
  return {
    batch,
    units: rows.length,
    converged: rows.filter(({ converged }) => converged).length,
    trials: Math.max(...rows.map(({ trials }) => trials)),
    before: range(rows.map(({ before }) => before)),
    after: range(rows.map(({ after }) => after)),
  };
}

/** Measures systems whose names contain a part, and keeps the outcomes. */
export async function measureAll(
  run: Runtime,
  systems: readonly System[],
  part: string,
): Promise<void> {
  const outcomes = await readOutcomes(), seen = new Set<string>();
  for (const system of systems) {
    const call = callOf(system);
    if (!call.includes(part) || seen.has(call)) continue;
    seen.add(call);
    outcomes[call] = await measureOutcome(run, system);
    console.log(call, JSON.stringify(outcomes[call]));
    await Deno.writeTextFile(FILE, `${JSON.stringify(outcomes, undefined, 2)}\n`);
  }
}
