/**
 * Reading the JSON file of `bench:scale` back.
 *
 * @module
 */
import { TaskError } from "../../tasks/cli/mod.ts";
import { readJson } from "../../tasks/schema/read_json.ts";
import {
  choice,
  type Fields,
  flag,
  integer,
  list,
  number,
  object,
  optional,
  pair,
  text,
} from "../../tasks/schema/schema.ts";
import type { Machine } from "../machine.ts";
import { type NetName, NETS } from "../nets/mod.ts";
import type { StepModel } from "./efficiency.ts";
import type { Network } from "./network.ts";
import type { HostsResult, NetResult, ScaleResult } from "./result.ts";

const measured = number({ from: 0 }), time = number({ above: 0 }), count = integer({ from: 1 });

const SUMS = list(pair(count, measured));

const NETWORK = object<Network>({
  name: text,
  latency: measured,
  bandwidth: number({ above: 0 }),
  isInside: optional(flag),
});

const MODEL = object<StepModel>({
  overhead: measured,
  perExample: measured,
  bytes: integer({ from: 0 }),
  parts: list(object({ bytes: integer({ from: 0 }), ready: measured })),
});

const NET = object<NetResult>({
  name: text,
  net: choice(...Object.keys(NETS) as NetName[]),
  batch: count,
  model: MODEL,
  alone: object({ one: time, twoThreads: time, pair: time }),
  rows: list(object({
    processes: count,
    step: time,
    wait: measured,
    sum: measured,
    efficiency: measured,
    predicted: measured,
  })),
});

const HOSTS = object<HostsResult>({
  network: NETWORK,
  sums: SUMS,
  rows: list(object({
    name: text,
    overlap: flag,
    step: time,
    wait: measured,
    sum: measured,
    slowdown: measured,
    predicted: measured,
  })),
});

const MACHINE: Fields<Machine> = {
  date: text,
  commit: optional(text),
  deno: text,
  machine: text,
  system: text,
};

const RESULT = object<ScaleResult>({
  ...MACHINE,
  command: text,
  processors: count,
  sums: list(object({ processes: count, sums: SUMS, network: NETWORK })),
  nets: list(NET),
  hosts: optional(HOSTS),
});

/** The results in a file. Rejects with a {@linkcode TaskError} that names file and field on others. */
export async function readResult(path: string): Promise<ScaleResult> {
  const result = await readJson(path, RESULT);
  if (result) return result;
  throw new TaskError(`${path}: expected results of bench:scale, found no file`);
}
