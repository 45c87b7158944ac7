/**
 * Deep and long graphs: what they cost is time in proportion, not stack, code or memory.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { grad } from "../src/grad.ts";
import { lsuvWithReport } from "../src/init/mod.ts";
import {
  dense,
  type Layer,
  layer,
  residual,
  sequential,
  tanh as tanhLayer,
} from "../src/nn/mod.ts";
import {
  add,
  alias,
  matmul,
  max,
  mul,
  pad,
  reshape,
  slice,
  stack,
  sum,
  tanh,
  transpose,
} from "../src/ops/mod.ts";
import { key, normal } from "../src/random.ts";
import type { Runtime } from "../src/runtime/mod.ts";
import { type Params, placeholder, type Tensor, tensor } from "../src/tensor.ts";
import { entries, leaves, mapTree, structure, type Tree } from "../src/tree.ts";
import { assertClose, filled, forEachDevice } from "./devices.ts";

const DEEP = 10_000;

/** A function applied again and again. */
const times = (n: number, f: (y: Tensor, i: number) => Tensor) => (x: Tensor): Tensor => {
  let y = x;
  for (let i = 0; i < n; i++) y = f(y, i);
  return y;
};

/** x at the end of the iteration that a chain makes, and its derivative there. */
function iterated(x: number, n: number): [y: number, slope: number] {
  let y = x, slope = 1;
  for (let i = 0; i < n; i++) {
    y = Math.tanh(y + 0.1);
    slope *= 1 - y * y;
  }
  return [y, slope];
}

const X = [[0.5, -0.25], [0.125, 1]];

async function read(run: Runtime, x: Tensor): Promise<number[]> {
  return [...await run.read(x) as unknown as Float32Array];
}

forEachDevice("a chain of 10,000 ops is computed lazily, and explained", async (run) => {
  const chain = times(DEEP / 2, (y) => tanh(add(y, 0.1))), x = tensor(X);
  const expected = X.flat().map((v) => iterated(v, DEEP / 2)[0]);
  assertClose(await read(run, chain(x)), expected, { relative: 1e-5 });
  assertMatch(Deno.inspect(chain(x)), /lazy, tanh/);
  const lines = run.explain(chain, x).split("\n");
  assert(lines.every((line) => line.length < 1000), "expected lines to read");
});

forEachDevice("the gradient of a chain is that of its factors", async (run) => {
  const steps = 20, deep = 3000;
  const chain = times(deep, (y, i) => i < steps ? tanh(add(y, 0.1)) : mul(add(y, y), 0.5));
  const slope = run.jit(grad((x: Tensor) => sum(chain(x))));
  const expected = X.flat().map((v) => iterated(v, steps)[1]);
  assertClose(await read(run, slope(tensor(X))), expected, { relative: 1e-4 });
});

/** Functions that leave their argument as it is, in many steps. */
const LONG_WAYS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  "flat views": times(DEEP, (y) => reshape(alias(y), y.rank === 2 ? [4] : [2, 2])),
  "transposes": times(DEEP, (y) => transpose(y)),
  "padding in padding": times(DEEP / 5, (y) => slice(pad(y, [[1, 0], [0, 1]]), [1, 0], [3, 2])),
  "padding that cuts off": (x) => {
    const shifted = times(500, (y) => slice(pad(y, [[1, 0], [0, 0]]), [0], [-1]))(x);
    return add(x, shifted);
  },
  "a value and its double": times(DEEP, (y) => mul(add(y, y), 0.5)),
  "sums of sums": (x) => mul(times(40, (y) => add(y, y))(x), 2 ** -40),
  "kernels between": times(DEEP / 5, (y) => add(y, mul(sum(y), 0))),
};

for (const [name, f] of Object.entries(LONG_WAYS)) {
  forEachDevice(`repeated steps do not change their value: ${name}`, async (run) => {
    const x = tensor(X), like = (y: Tensor) => reshape(f(y), [2, 2]);
    assertClose(await read(run, like(x)), X.flat());
    const slope = run.jit(grad((x: Tensor) => sum(mul(like(x), tensor([[1, 2], [3, 4]])))));
    assertClose(await read(run, slope(x)), [1, 2, 3, 4]);
  });
}

forEachDevice(
  "a total of 3,000 is one plan: of lazy values, of results, of arguments",
  async (run) => {
    const n = 3000, expected = [n * (n - 1) / 2];
    const totalOf = (xs: readonly Tensor[]) => xs.reduce((a, b) => add(a, b));
    const numbers = Array.from({ length: n }, (_, i) => tensor(i));
    assertEquals(await read(run, totalOf(numbers.map((x) => mul(x, 1)))), expected);
    const twice = run.jit((x: Tensor) => mul(x, 2)), results = numbers.map((x) => twice(x));
    assertEquals(await read(run, totalOf(results)), [2 * expected[0]!]);
    assertEquals(await read(run, run.jit(totalOf)(numbers)), expected);
  },
);

forEachDevice("parameters nested 10,000 deep are read, mapped and differentiated", async (run) => {
  let nested: Tree<Tensor> = tensor([1, 2]);
  for (let i = 0; i < DEEP; i++) nested = i % 2 ? [nested] : { a: nested };
  const params = nested as Params;
  assertEquals(structure(params).length, "[".length * 2 * DEEP + "a:".length * DEEP / 2 + 1);
  assertEquals(entries<Tensor>(params)[0]![0].length, (".a".length + "[0]".length) * DEEP / 2);
  const mapped = mapTree((x: Tensor) => mul(x, 2), params as { readonly a: Tensor });
  assertEquals(structure<Tensor>(mapped), structure(params));
  const slope = grad((p: Params) => sum(mul(leaves<Tensor>(p)[0]!, 3)));
  const [found] = leaves<Tensor>(run.jit(slope)(params));
  assertEquals(await read(run, found!), [3, 3]);
});

Deno.test("a tree that contains itself is refused", () => {
  const tree: { self?: unknown } = {};
  tree.self = tree;
  for (const walk of [structure, leaves]) {
    let message = "";
    try {
      walk(tree as never);
    } catch (error) {
      message = String(error);
    }
    assertMatch(message, /expected at most \d+ levels/);
  }
});

forEachDevice("lsuv() of 300 layers gives every one of them unit variance", async (run) => {
  const net = sequential(...Array.from({ length: 300 }, () => [dense(8), tanhLayer]).flat());
  const x = normal(key(1), [32, 8]), params: Params = net.init(key(0), x);
  const made = run.jit((p: Params, x: Tensor) => {
    const [, { units }] = lsuvWithReport(net.layers, p, x);
    return Object.values(units).map(({ after }) => after);
  });
  const variances = await run.read(made(params, x)) as unknown as ArrayLike<number>[];
  assertEquals(variances.length, 300);
  for (const after of variances) assertClose(after, [1], { absolute: 0.1 });
});

/** An unrolled recurrent net: the mean square of its states. */
const recurrent = (steps: number) => (w: Tensor, u: Tensor, x: Tensor): Tensor => {
  const [batch, , size] = x.shape as [number, number, number], states: Tensor[] = [];
  let state = mul(reshape(slice(x, [0, 0], [batch, 1]), [batch, size]), 0);
  for (let t = 0; t < steps; t++) {
    const own = reshape(slice(x, [0, t], [batch, t + 1]), [batch, size]);
    const pieces = matmul(tanh(add(matmul(own, w), matmul(state, u))), transpose(u));
    states.push(state = max(reshape(pieces, [batch, size, 1]), -1));
  }
  const all = stack(states, 1);
  return mul(sum(mul(all, all)), 1 / all.size);
};

forEachDevice(
  "an unrolled net has the gradients of its differences, and functions that do not grow",
  async (run) => {
    const arguments_ = (steps: number) =>
      [filled([4, 4], 1), filled([4, 4], 2), filled([2, steps, 4], 3)] as const;
    const slopesOf = (steps: number) => (w: Tensor, u: Tensor, x: Tensor) =>
      grad(([w, u, x]: readonly [Tensor, Tensor, Tensor]) => recurrent(steps)(w, u, x))([w, u, x]);
    const steps = 60, [w, u, x] = arguments_(steps);
    const slopes = await run.read(run.jit(slopesOf(steps))(w, u, x)) as unknown as Float32Array[];
    // Along one direction, by central differences of what the device itself computes in f32.
    const directions = arguments_(steps).map((t, i) => filled(t.shape, 20 + i));
    const loss = run.jit(recurrent(steps)), step = 1e-2;
    const along = async (by: number) => {
      const moved = [w, u, x].map((t, i) => add(t, mul(directions[i]!, by)));
      return (await read(run, loss(moved[0]!, moved[1]!, moved[2]!)))[0]!;
    };
    const expected = (await along(step) - await along(-step)) / (2 * step);
    const found = slopes.reduce(
      (total, s, i) => total + s.reduce((sum, v, k) => sum + v * directions[i]!.data![k]!, 0),
      0,
    );
    assertClose([found], [expected], { absolute: 2e-3 });
    if (run.device === "reference") return;
    const functions = (steps: number) => {
      const text = run.explain(slopesOf(steps), ...arguments_(steps));
      return Number(/ of (\d+) (?:functions|shaders)/.exec(text)![1]);
    };
    const few = functions(40), many = functions(120);
    assert(
      many <= few + 4,
      `expected as many functions for 120 steps as for 40, found ${many} and ${few}`,
    );
  },
);

forEachDevice("a deep net has as many functions as one of 10 layers", (run) => {
  if (run.device === "reference") return;
  const functions = (depth: number) => {
    const net = sequential(...Array.from({ length: depth }, () => [dense(8), tanhLayer]).flat());
    const init = (k: Tensor) => net.init(k, { shape: [4, 8], dtype: "f32" }) as Params;
    const text = run.explain(init, tensor(Uint32Array.of(1, 2)));
    return Number(/ of (\d+) (?:functions|shaders)/.exec(text)![1]);
  };
  const few = functions(10), many = functions(100);
  assert(
    many <= few,
    `expected no more functions for 100 layers, found ${many}, and ${few} for 10`,
  );
});

/** A net in a net in a net. */
function nested(depth: number, around: (inner: Layer) => Layer, innermost: Layer): Layer {
  let net = innermost;
  for (let i = 0; i < depth; i++) net = around(net);
  return net;
}

Deno.test("nets nested 500 deep are initialized, applied and differentiated", () => {
  const x = placeholder({ shape: [2, 3], dtype: "f32" });
  const around = (inner: Layer) => sequential(dense(3), inner) as Layer;
  const net = nested(500, around, tanhLayer), params = net.init(key(0), x);
  const gradient = grad((p: Params) => sum(net(p, x)))(params);
  assertEquals(leaves<Tensor>(gradient).length, 1000);
  const skipping = nested(250, (inner) => residual(around(inner)), tanhLayer);
  assertEquals(leaves<Tensor>(skipping.init(key(0), x)).length, 500);
});

Deno.test("initializing nested nets applies each layer once", () => {
  let calls = 0;
  const counted = layer("counted", () => [] as const, (_, x) => {
    calls++;
    return x;
  });
  const net = nested(40, (inner) => residual(sequential(inner)), counted);
  net.init(key(0), { shape: [2, 3], dtype: "f32" });
  assertEquals(calls, 1);
});
