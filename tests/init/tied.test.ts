/**
 * LSUV where weights are used in a second place, and where layers learn statistics: what it reports is what the
 * returned parameters give.
 */
import { assert, assertEquals } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { lsuvWithReport } from "../../src/init/mod.ts";
import {
  batchNorm,
  dense,
  layer,
  relu,
  sequential,
  stateless,
  type WeightsAlone,
} from "../../src/nn/mod.ts";
import * as ops from "../../src/ops/mod.ts";
import { key, normal } from "../../src/random.ts";
import type { Tensor } from "../../src/tensor.ts";
import { assertClose } from "../devices.ts";

const value = (x: Tensor): number[] => [...evaluate([x])[0]!];

Deno.test("lsuvWithReport() measures anew what was measured with weights of before", () => {
  const code = dense(6, { bias: false });
  // An autoencoder whose decoder is the transpose of its encoder.
  const tied = layer<WeightsAlone>(
    "tied",
    (key, x) => code.init(key, x),
    (params, x) => ops.matmul(code(params, x), ops.transpose(params.w)),
  );
  const net = sequential(tied, dense(3)), x = ops.mul(normal(key(1), [200, 8]), 3);
  const params = net.init(key(0), x), [scaled, { units }] = lsuvWithReport(net, params, x);
  const [[name, first], [, second]] = Object.entries(units) as [
    [string, typeof units[string]],
    [string, typeof units[string]],
  ];
  assert(name.includes("dense"), name);
  const output = ops.matmul(x, scaled[0].w), last = net(scaled, x);
  assertClose(value(first.after), value(ops.variance(output)), { relative: 1e-4 });
  assertClose(value(second.after), value(ops.variance(last)), { relative: 1e-4 });
  assertClose(value(first.before), value(ops.variance(ops.matmul(x, params[0].w))), {
    relative: 1e-4,
  });
  assert(value(first.before)[0]! > 5, "far from 1 before");
  assertEquals(value(first.trials)[0]! >= 1, true);
});

Deno.test("lsuvWithReport() has batch norm standardize by the batch's own statistics", () => {
  const shift = stateless("shift", (x) => ops.add(ops.mul(x, 3), 2));
  const net = sequential(dense(5), shift, batchNorm(), relu, dense(4));
  const x = normal(key(1), [300, 6]);
  const params = net.init(key(0), x), [scaled, { units }] = lsuvWithReport(net, params, x);
  const last = Object.values(units).at(-1)!;
  // As in training on this batch: with a key; running variances are unbiased, 300 / 299 times as large.
  assertClose(value(last.after), value(ops.variance(net(scaled, x, key(2)))), { relative: 5e-3 });
});
