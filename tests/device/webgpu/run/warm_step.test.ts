/**
 * A training on a GPU, counted: what a step asks of WebGPU once it is warm.
 */
import { assert, assertEquals } from "@std/assert";
import { openWebGpu } from "../../../../src/device/webgpu/mod.ts";
import { runtimeOn } from "../../../../src/runtime/mod.ts";
import { noWebGpu } from "../../../devices.ts";
import { setting, trainTo } from "../../../train/checkpoint/interrupted.ts";
import { counting } from "../counting.ts";
import type { Tuple } from "../../../../src/tuple.ts";

Deno.test({
  name: "fit() with batches of the device is one pass and one submit a step, and allocates nothing",
  ignore: noWebGpu !== undefined,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    counting(async (counts) => {
      await using run = runtimeOn(await openWebGpu({ software: false }));
      const seen: Record<string, number>[] = [];
      const signal = {
        get aborted() {
          seen.push({ ...counts });
          return false;
        },
      } as AbortSignal;
      const { test: _, ...options } = setting();
      await trainTo(run, { ...options, epochs: 30, resident: true, signal });
      // The first look is before the first step.
      seen.shift();
      assertEquals(seen.length, 120);
      // An epoch's last step is followed by a read, and calls queue up eight deep at least.
      const quiet = seen.slice(20).flatMap((now, i) => {
        const before = seen[20 + i - 1]!;
        const took = Object.fromEntries(Object.keys(now).map((k) => [k, now[k]! - before[k]!]));
        return took.mapAsync === 0 ? [took] : [];
      });
      assert(quiet.length >= 50, `${quiet.length} steps without a read`);
      for (const took of quiet) {
        assertEquals(took, {
          submit: 1,
          writeBuffer: 2,
          createBuffer: 0,
          createBindGroup: 0,
          createComputePipeline: 0,
          createCommandEncoder: 1,
          beginComputePass: 1,
          copyBufferToTexture: 0,
          mapAsync: 0,
        });
      }
      const [early, late] = [seen[20], seen[119]] as Tuple<Record<string, number>, 2>;
      for (const name of ["createBuffer", "createBindGroup", "createComputePipeline"]) {
        assertEquals(late[name], early[name], name);
      }
    }),
});
