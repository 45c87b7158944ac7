/**
 * LSUV with fresh batches: each measurement is of its own batch, under a dropout mask of its own.
 */
import { assert, assertEquals } from "@std/assert";
import { lsuvFromBatches } from "../../src/init/mod.ts";
import { dense, dropout, sequential } from "../../src/nn/mod.ts";
import * as ops from "../../src/ops/mod.ts";
import { key, normal } from "../../src/random.ts";
import { tensor } from "../../src/tensor.ts";
import { assertClose, forEachDevice } from "../devices.ts";

forEachDevice("lsuvFromBatches() measures each trial on the batch drawn for it", async (run) => {
  // Batch n has variance 4ⁿ, and a product of one weight passes it on.
  let drawn = 0;
  const signs = Float32Array.from({ length: 8 }, (_, i) => i % 2 ? -1 : 1);
  const next = () => ops.mul(tensor(signs, [8, 1]), 2 ** drawn++);
  const params = { w: ops.constant(1, [1, 1]), b: ops.constant(0, [1]) };
  const [, [row]] = await lsuvFromBatches(run, dense(1), params, next, { maxTrials: 1 });
  assertEquals([row!.before, row!.trials, row!.after], [1, 0, 1]);
  const [, [later]] = await lsuvFromBatches(run, dense(1), params, next, { maxTrials: 1 });
  // The second call's first batch is the second of all: 4, and 16 divided by 4 after one trial.
  assertClose([later!.before, later!.trials, later!.after], [4, 1, 4]);
});

forEachDevice("lsuvFromBatches() draws a dropout mask for every batch", async (run) => {
  // One batch again and again: under one mask a single rescaling would be exact.
  const x = normal(key(1), [40, 6]), net = sequential(dropout(0.5), dense(3));
  const options = { key: key(7), tolerance: 1e-3, maxTrials: 4 };
  const [, [row]] = await lsuvFromBatches(run, net, net.init(key(0), x), () => x, options);
  assert(row!.trials > 1, `${row!.trials} trials`);
}, { devices: ["reference", "cpu"] });
