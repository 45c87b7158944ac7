/**
 * A program that trains a net of a given depth on a batch of a given size; prints its time and memory, or
 * that it ran out of memory.
 *
 *     deno run -P=bench bench/linearity/point.ts '{"depth":10,"batch":32,"seconds":1,"open":{"device":"cpu"}}'
 *
 * @module
 */
import { MemoryError } from "../../src/device/memory_error.ts";
import type { OpenOptions } from "../../src/device/open.ts";
import { open } from "../../src/runtime/mod.ts";
import { peakMiB, repeat, significant } from "../measure.ts";
import { createTraining, stepper } from "../step.ts";
import { chain, imagesOf } from "./chain.ts";
import type { Outcome } from "./points.ts";

const { depth, batch, seconds, open: options } = JSON.parse(Deno.args[0]!) as {
  depth: number;
  batch: number;
  seconds: number;
  open: OpenOptions;
};

async function outcome(): Promise<Outcome> {
  await using run = await open(options);
  const step = stepper(run, createTraining(chain(depth), imagesOf(batch)));
  try {
    const { ms } = await repeat(async () => (await run.read(await step()))[0]!, 1000 * seconds);
    const { bytes, buffers } = run.memory();
    return { ms: significant(ms.median), bytes, buffers, peakMiB: peakMiB() };
  } catch (error) {
    if (error instanceof MemoryError) return { full: error.message };
    throw error;
  }
}

console.log(JSON.stringify(await outcome()));
