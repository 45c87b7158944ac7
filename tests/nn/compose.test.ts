/**
 * Composed layers whose flows call parts in any order, several times, or not at all.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { lsuv, lsuvWithReport, reportRows, unitNames, variances } from "../../src/init/mod.ts";
import {
  compose,
  concat,
  dense,
  dropout,
  flatten,
  highway,
  layer,
  relu,
  sequential,
  tanh,
} from "../../src/nn/mod.ts";
import * as ops from "../../src/ops/mod.ts";
import { key, normal } from "../../src/random.ts";
import { type Params, placeholder, type Tensor } from "../../src/tensor.ts";
import { leaves } from "../../src/tree.ts";
import { assertClose, forEachDevice } from "../devices.ts";

const rows = (size: number) => normal(key(1), [64, size]);
const message = (f: () => unknown): string => assertThrows(f, RangeError).message;

Deno.test("compose() initializes a part's parameters once, for its first input", () => {
  let made = 0;
  const counted = layer("counted", () => (made++, []), (_, x) => x);
  const net = compose("thrice", [counted], (call, x) => call(0, call(0, call(0, x))));
  net.init(key(0), placeholder({ shape: [2, 3], dtype: "f32" }));
  assertEquals(made, 1);
  const grown = compose("grown", [dense(8)], (call, x) => call(0, call(0, x)));
  assertEquals(
    message(() => grown.init(key(0), placeholder({ shape: [2, 5], dtype: "f32" }))),
    "[0] dense: expected 5 features, as its weights f32[5, 8] are for, found f32[2, 8]",
  );
});

Deno.test("compose() rejects a flow that does not call all parts with parameters", () => {
  const x = placeholder({ shape: [2, 5], dtype: "f32" });
  const idle = compose("idle", [dense(5), sequential(relu, dense(3))], (call, x) => call(0, x));
  assertEquals(
    message(() => idle.init(key(0), x)),
    "[1] sequential: expected the flow of idle to call each part that has parameters, which are " +
      "initialized from its input, found no call for f32[2, 5]",
  );
  const plain = compose(
    "plain",
    [dense(5), sequential(relu, flatten)],
    (call, x) => x.shape[0]! > 100 ? call(1, call(0, x)) : call(0, x),
  );
  assertEquals(leaves<Tensor>(plain.init(key(0), x) as Params).length, 2);
  const wrong = compose("wrong", [dense(5)], (call, x) => call(1, x));
  assertEquals(
    message(() => wrong.init(key(0), x)),
    "wrong: expected a flow that calls parts 0 to 0, found 1",
  );
});

forEachDevice("lsuv() reports a part that is not called for the batch", async (run) => {
  const sized = compose(
    "sized",
    [dense(5), dense(6)],
    (call, x) => x.shape[0]! > 50 ? call(0, x) : call(1, x),
  );
  const many = rows(4), few = { shape: [2, 4], dtype: "f32" } as const;
  const params = [dense(5).init(key(0), many), dense(6).init(key(1), few)] as const;
  const [, report] = lsuvWithReport(sized, params, many);
  const found = reportRows(await run.read(report));
  assertEquals(found.map(({ name, uncovered }) => [name, uncovered]), [
    ["[0] dense", undefined],
    ["[1].w", "unused"],
  ]);
}, { devices: ["reference"] });

forEachDevice(
  "a part's second call uses another dropout mask, its first the part's key",
  async (run) => {
    const twice = compose(
      "twice",
      [dropout(0.5)],
      (call, x) => ops.concat([call(0, x), call(0, x)], 0),
    );
    const once = compose("once", [dropout(0.5)], (call, x) => call(0, x));
    const ones = ops.constant(1, [200]), params = [[]] as const;
    const [both, first] = await run.read([twice(params, ones, key(3)), once(params, ones, key(3))]);
    assertEquals(both!.slice(0, 200), first);
    assert(both!.slice(200).some((v, i) => v !== first![i]));
  },
);

for (
  const [name, net] of [
    ["concat", concat(dense(4), sequential(dense(4), tanh))],
    ["highway", highway(sequential(dense(9), relu), dense(9, { biasInit: -2 }))],
    ["backwards", compose("backwards", [dense(3), dense(9)], (call, x) => call(0, call(1, x)))],
  ] as const
) {
  forEachDevice(`lsuv(net.layers) preserves the flow of ${name}`, async (run) => {
    const x = rows(9), params = net.init(key(0), x);
    const [whole, listed] = [lsuv(net, params, x), lsuv(net.layers, params, x)];
    const [a, b] = await run.read([leaves<Tensor>(whole), leaves<Tensor>(listed)]);
    assertEquals(a, b);
    const found = await run.read(variances(net.layers, listed, x));
    assert(found.every(([v]) => Math.abs(v! - 1) < 0.1), `${found}`);
  }, { devices: ["reference"] });
}

Deno.test("unitNames() for inputs of a shape are those of a report, in execution order", () => {
  const net = compose(
    "backwards",
    [dense(4), dense(4), relu],
    (call, x) => call(0, call(2, call(0, call(1, x)))),
  );
  const spec = { shape: [3, 4], dtype: "f32" } as const;
  assertEquals(unitNames(net, {}, spec), ["[1] dense", "[0] dense", "[0] dense, use 2"]);
  assertEquals(unitNames(net), ["[0] dense", "[1] dense"]);
  assertEquals(unitNames(dense(3)), ["dense"]);
});

forEachDevice("lsuv() accepts a single layer", async (run) => {
  const x = rows(9), single = dense(5, { pieces: 2 }), params = single.init(key(0), x);
  const [scaled, report] = lsuvWithReport(single, params, x);
  const found = reportRows(await run.read(report));
  assertEquals(found.map(({ name, piece }) => [name, piece]), [["dense", 0], ["dense", 1]]);
  const list = lsuv([single], [params], x);
  const [a, b] = await run.read([scaled.w, list[0]!.w]);
  assertClose(a as Float32Array, b as Float32Array, { relative: 1e-6 });
}, { devices: ["reference"] });

forEachDevice(
  "compose() gives every part a key of its own, for weights and for dropout",
  async (run) => {
    const net = sequential(dense(4), dense(4), sequential(dense(4)));
    const [a, b, [c]] = net.init(key(0), placeholder({ shape: [1, 4], dtype: "f32" }));
    const weights = await run.read([a.w, b.w, c.w]);
    assertEquals(new Set(weights.map((w) => w.join())).size, 3);
    // Masks are multiplied: of equal ones the product would be 0 or 4.
    const twice = sequential(dropout(0.5), dropout(0.5));
    const [product] = await run.read([twice([[], []], ops.constant(1, [2000]), key(3))]);
    const kept = product.filter((v) => v !== 0).length;
    assert(Math.abs(kept - 500) < 100, `${kept} kept`);
  },
);
