/**
 * The one traversal of layers: a visitor sees every call, in the order in which they run, and what it answers
 * is what leaves the layer.
 */
import { assertEquals } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import * as nn from "../../src/nn/mod.ts";
import { type Call, traverse, type Visitor } from "../../src/nn/traverse.ts";
import { add, mul } from "../../src/ops/mod.ts";
import { key } from "../../src/random.ts";
import type { Params, Tensor } from "../../src/tensor.ts";
import { filled } from "../devices.ts";

const value = (x: Tensor): number[] => [...evaluate([x])[0]!];

/** A layer of one's own that calls another twice. */
const twice = (inner: nn.Layer) =>
  nn.layer("twice", inner.init, (params, x) => inner(params, inner(params, x)));

const net = nn.sequential(
  nn.dense(4),
  nn.residual(nn.sequential(nn.relu, nn.dense(4))),
  twice(nn.dense(4)),
  nn.dropout(0.5),
) as unknown as nn.Layer;
const x = filled([3, 4], 1), params = net.init(key(0), x);

/** A visitor that descends everywhere, and notes what it sees. */
function noting(seen: string[]): Visitor {
  return ({ layer, part, params, x, descend }: Call) => {
    seen.push(`${layer.kind} ${part ?? "-"}`);
    return descend(params, x);
  };
}

Deno.test("traverse() without a visitor applies the layer, with its key", () => {
  assertEquals(value(traverse(net, params, x)), value(net(params, x)));
  assertEquals(value(traverse(net, params, x, key(7))), value(net(params, x, key(7))));
});

Deno.test("traverse() visits every call in execution order, also inside custom layers", () => {
  const seen: string[] = [], y = traverse(net, params, x, undefined, noting(seen));
  assertEquals(seen, [
    "sequential -",
    "dense 0",
    "residual 1",
    "sequential 0",
    "relu 0",
    "dense 1",
    "twice 2",
    "dense -",
    "dense -",
    "dropout 3",
  ]);
  assertEquals(value(y), value(net(params, x)));
});

Deno.test("traverse() passes layers the same keys as apply()", () => {
  for (const seed of [0, 1, 2]) {
    const y = traverse(net, params, x, key(seed), noting([]));
    assertEquals(value(y), value(net(params, x, key(seed))), `seed ${seed}`);
  }
});

Deno.test("a visitor's result replaces the layer's; apply() visits nothing inside", () => {
  const seen: string[] = [];
  const y = traverse(net, params, x, undefined, ({ layer, part, params, x, apply, descend }) => {
    seen.push(`${layer.kind} ${part ?? "-"}`);
    if (layer.kind === "residual") return add(apply(params, x), 1);
    return layer.kind === "relu" ? x : descend(params, x);
  });
  assertEquals(seen.filter((each) => /relu|sequential 0/.test(each)), []);
  const parts = (net as unknown as { readonly layers: readonly nn.Layer[] }).layers;
  const expected = parts.reduce(
    (x, part, i) => {
      const y = part((params as readonly Params[])[i]!, x);
      return i === 1 ? add(y, 1) : y;
    },
    x,
  );
  assertEquals(value(y), value(expected));
});

Deno.test("after a visitor throws, layers apply as before", () => {
  const before = value(net(params, x));
  for (const fails of ["dense", "relu", "dropout"]) {
    let thrown = 0;
    try {
      traverse(net, params, x, undefined, ({ layer, params, x, descend }) => {
        if (layer.kind === fails) throw new Error(fails);
        return descend(params, x);
      });
    } catch {
      thrown++;
    }
    assertEquals([thrown, value(net(params, x))], [1, before]);
  }
});

Deno.test("a visitor's parameters are passed to the layers inside", () => {
  const y = traverse(net, params, x, undefined, ({ layer, params, x, descend }) => {
    if (!layer.unit) return descend(params, x);
    const { w, b } = params as nn.Weights;
    return descend({ w: mul(w, 0), b }, x);
  });
  assertEquals(value(y), new Array(12).fill(0));
});
