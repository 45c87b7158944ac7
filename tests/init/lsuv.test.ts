/**
 * LSUV as a pure fold.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  formatReport,
  gaussian,
  lsuv,
  lsuvFromBatches,
  lsuvWithReport,
  PRESETS,
  unitNames,
  variances,
} from "../../src/init/mod.ts";
import {
  conv,
  conv1d,
  convTranspose,
  convTranspose1d,
  dense,
  dropout,
  flatten,
  globalAvgPool,
  layer,
  maxPool,
  relu,
  sequential,
  tanh,
} from "../../src/nn/mod.ts";
import * as ops from "../../src/ops/mod.ts";
import { key, normal } from "../../src/random.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import { entries } from "../../src/tree.ts";
import { assertClose, filled, forEachDevice } from "../devices.ts";
import { branching, chain, initialized, measured, readAll } from "./nets.ts";
import type { Tuple } from "../../src/tuple.ts";
import type { Weights } from "../../src/nn/weights.ts";

const images = (seed = 1) => normal(key(seed), [4, 8, 8, 2]);
const within = (values: readonly number[], tolerance: number) =>
  assert(values.every((v) => Math.abs(v - 1) < tolerance), `variances ${values}`);
const message = (f: () => unknown): string => assertThrows(f, RangeError).message;

forEachDevice("lsuv() gives every piece's output unit variance", async (run) => {
  const net = chain(), x = images(), params = net.init(key(0), x);
  const [scaled, rows] = await initialized(run, net.layers, params, x);
  const found = await measured(run, net.layers, scaled, x);
  assertEquals(found.length, 2 + 1 + 3 + 1);
  within(found, 1e-4);
  assertClose(rows.map((row) => row.after), found, { relative: 1e-4 });
  const before = await measured(run, net.layers, params, x);
  assertClose([rows[0]!.before, rows[1]!.before], before.slice(0, 2), { relative: 1e-4 });
  assert(rows.every((row) => row.converged && !row.zero && row.trials <= 1));
});

forEachDevice(
  "lsuv() measures what a plain forward pass would: one population variance",
  async (run) => {
    const layer = conv(5, 3, { biasInit: 0.7 }), x = images(), params = layer.init(key(0), x);
    const [y] = await run.read([ops.variance(layer(params, x))]);
    assertClose(await measured(run, [layer], [params], x), y!, { relative: 1e-5 });
  },
);

forEachDevice("lsuv() gives convolutions of every kind unit variance", async (run) => {
  const pictures = sequential(
    conv(6, [3, 2], { stride: [1, 2], padding: "same" }),
    conv(6, 3, { groups: 6, padding: 1 }),
    conv(6, 3, { groups: 3, padding: 1, pieces: 2 }),
    convTranspose(4, 4, { stride: 2, padding: 1, pieces: 2 }),
    relu,
    convTranspose(6, 3, { groups: 2, outputPadding: 1, stride: 3 }),
  );
  const sequences = sequential(
    conv1d(6, 5, { padding: "same", groups: 2 }),
    relu,
    convTranspose1d(4, 4, { stride: 2, groups: 2, pieces: 3 }),
  );
  for (const [net, x] of [[pictures, images()], [sequences, filled([4, 20, 4], 3)]] as const) {
    const tolerance = 1e-4, start = net.init(key(0), x);
    const [scaled, rows] = await initialized(run, net, start, x, { tolerance });
    within(await measured(run, net, scaled, x), tolerance);
    assert(rows.every((row) => row.converged), rows.map((row) => row.name).join());
  }
});

forEachDevice("lsuv() scales layers without biases as it scales those with zeros", async (run) => {
  const x = images(), options = { pieces: 2 } as const;
  const [bare, biased] = [conv(4, 3, { ...options, bias: false }), conv(4, 3, options)];
  const { w } = bare.init(key(0), x), b = ops.constant(0, [8]);
  const [scaled, found] = await initialized(run, [bare], [{ w }], x);
  const [same, expected] = await initialized(run, [biased], [{ w, b }], x);
  assertEquals(found, expected);
  assertEquals(await readAll(run, scaled), (await readAll(run, same)).slice(0, 1));
});

forEachDevice(
  "lsuv() divides weights by the root of the variance and never touches biases",
  async (run) => {
    const layer = dense(3, { biasInit: 2 }), x = filled([50, 4], 3, -3, 3);
    const params = layer.init(key(0), x);
    const [scaled, [row]] = await initialized(run, [layer], [params], x);
    const [w, b] = await readAll(run, params) as Tuple<Float32Array, 2>,
      [w2, b2] = await readAll(run, scaled) as Tuple<Float32Array, 2>;
    assertEquals([...b2], [...b]);
    assertClose(w2, w.map((v) => v / Math.sqrt(row!.before)), { relative: 1e-5 });
  },
);

forEachDevice("lsuv() is deterministic: the same batch gives the same parameters", async (run) => {
  const net = chain(), params = net.init(key(0), images());
  const twice = await Promise.all([0, 1].map(async () => {
    const [scaled] = await initialized(run, net.layers, params, images());
    return await readAll(run, scaled);
  }));
  assertEquals(twice[0], twice[1]);
});

forEachDevice(
  "lsuv() needs several trials where biases differ, and takes as few as it needs",
  async (run) => {
    // Biases of variance 0.6: the linear part must come down to 0.4, over several rescalings.
    const b = tensor([1, -1, 0.4, -0.4, 0.8, -0.8]);
    const layer = dense(6), x = normal(key(2), [400, 5]);
    const params = { w: layer.init(key(0), x).w, b };
    const tight = { tolerance: 0.02, maxTrials: 20, unroll: 20 };
    const [scaled, [row]] = await initialized(run, [layer], [params], x, tight);
    assert(row!.converged && row!.trials > 1 && row!.trials < 20, `${row!.trials} trials`);
    within(await measured(run, [layer], scaled, x), 0.02);
    const [, [once]] = await initialized(run, [layer], [params], x, { ...tight, maxTrials: 1 });
    assert(!once!.converged && once!.trials === 1, "one trial is not enough, and is reported");
  },
);

forEachDevice("lsuv() does not change a layer that is within the tolerance", async (run) => {
  const layer = dense(4), x = normal(key(2), [100, 5]), params = layer.init(key(0), x);
  const [scaled, [row]] = await initialized(run, [layer], [params], x, { tolerance: 10 });
  assertEquals([row!.trials, row!.converged], [0, true]);
  assertEquals(await readAll(run, scaled), await readAll(run, [params]));
});

forEachDevice("lsuv() does not change a layer of zero variance, and reports it", async (run) => {
  const zero = { w: ops.constant(0, [5, 4]), b: tensor([0.5, 0.5, 0.5, 0.5]) };
  const layers = [dense(4), relu, dense(3)], x = normal(key(2), [10, 5]);
  const params = [zero, [], dense(3).init(key(1), { shape: [10, 4], dtype: "f32" })];
  const [scaled, rows] = await initialized(run, layers, params, x);
  assertEquals([rows[0]!.zero, rows[0]!.trials, rows[0]!.converged], [true, 0, false]);
  assert((await readAll(run, scaled)).every((values) => values.every(Number.isFinite)));
  // What follows sees one constant input: it varies over channels only.
  assert(rows[1]!.converged && !rows[1]!.zero);
});

forEachDevice("lsuv() scales only the layers that `only` chooses", async (run) => {
  const net = chain(), x = images(), params = net.init(key(0), x);
  const only = (name: string) => name === "[2] conv";
  const [scaled, rows] = await initialized(run, net.layers, params, x, { only });
  assertEquals(rows.map((row) => row.name), ["[2] conv"]);
  const before = await readAll(run, params), after = await readAll(run, scaled);
  entries<Tensor>(params).forEach(([path], i) => {
    const same = before[i]!.every((v, k) => v === after[i]![k]);
    assertEquals(same, path !== "[2].w", path);
  });
  within(await measured(run, net.layers, scaled, x, { only }), 1e-4);
});

forEachDevice(
  "normalize: input brings what enters each weight layer to unit variance",
  async (run) => {
    const net = chain(), x = images(), params = net.init(key(0), x);
    const options = { normalize: "input", unroll: 10 } as const;
    const [scaled, rows] = await initialized(run, net.layers, params, x, options);
    assertEquals(rows.map((row) => row.name), ["[0] conv", "[2] conv", "[5] dense"]);
    within(await measured(run, net.layers, scaled, x, options), 0.1);
    // By hand: the tensor that enters layer 2, and the one that enters the classifier.
    const list = scaled as readonly Params[];
    const until = (n: number) =>
      ops.variance(net.layers.slice(0, n).reduce((y, layer, i) => layer(list[i] as never, y), x));
    within(await run.read([until(2), until(5), until(6)]).then((v) => v.map((a) => a[0]!)), 0.1);
    const before = await readAll(run, params), after = await readAll(run, scaled);
    assertEquals(after.slice(-2), before.slice(-2), "the classifier is left alone");
  },
);

forEachDevice(
  "normalize: activation brings each activation's output to unit variance, before pooling",
  async (run) => {
    const net = sequential(conv(6, 3), relu, maxPool(2), conv(5, 3), tanh, flatten, dense(4));
    const x = images(), params = net.init(key(0), x);
    const options = { normalize: "activation", unroll: 10 } as const;
    const [scaled, rows] = await initialized(run, net.layers, params, x, options);
    assertEquals(rows.map((row) => row.name), ["[0] conv", "[3] conv", "[6] dense"]);
    const list = scaled as readonly Params[];
    const until = (n: number) =>
      ops.variance(
        net.layers.slice(0, n).reduce((y, layer, i) => layer(list[i] as never, y), x as Tensor),
      );
    const [first, second, last] = await run.read([until(2), until(5), until(7)] as const);
    within([first[0]!, last[0]!], 0.1);
    // tanh cannot reach it: the weights grow until it saturates.
    assert(second[0]! > 0.5, `${second[0]}`);
  },
);

forEachDevice("lsuv() walks branches in execution order", async (run) => {
  const net = branching(), x = images(), params = net.init(key(0), x);
  assertEquals(unitNames(net.layers), [
    "[1] conv",
    "[2][2] conv",
    "[3][0][0] conv",
    "[3][0][2] conv",
    "[4][0][0] conv",
    "[4][1] conv",
    "[5][0] conv",
    "[5][1][0] conv",
    "[7] dense",
  ]);
  const [scaled] = await initialized(run, net.layers, params, x);
  within(await measured(run, net.layers, scaled, x), 1e-3);
});

forEachDevice("walking a net computes what the net does, with a key and without", async (run) => {
  const net = branching(), x = images(), params = net.init(key(0), x);
  for (const k of [undefined, key(7)]) {
    const probe = sequential(net, dense(2, { init: gaussian(0.1) }));
    const list = [params, probe.layers[1].init(key(2), { shape: [4, 4], dtype: "f32" })] as const;
    const only = (name: string) => name === "[1] dense";
    const [found] = await measured(run, probe.layers, list, x, { key: k, only }) as Tuple<
      number,
      1
    >;
    const [direct] = await run.read([ops.variance(probe(list, x, k))]);
    assertClose([found], direct!, { relative: 1e-4 });
  }
});

forEachDevice("a key turns dropout on while variances are measured", async (run) => {
  const net = sequential(dropout(0.5), dense(8)), x = normal(key(1), [200, 20]);
  const params = net.init(key(0), x);
  const [plain] = await measured(run, net.layers, params, x) as Tuple<number, 1>;
  const [dropped] = await measured(run, net.layers, params, x, { key: key(3) }) as Tuple<number, 1>;
  assert(
    Math.abs(dropped / plain - 2) < 0.3,
    "half the inputs, twice as large: twice the variance",
  );
});

Deno.test("presets are the published ones, and options override them", () => {
  assertEquals(PRESETS, {
    paper2015: { tolerance: 0.05, maxTrials: 100 },
    authors: { tolerance: 0.02, maxTrials: 20 },
    common: { tolerance: 0.1, maxTrials: 10 },
  });
});

forEachDevice("a preset sets how near to 1 is near enough", async (run) => {
  // A layer whose variance is 0.97 before: within 0.1 and 0.05 of 1, not within 0.02.
  const layer = dense(3), x = normal(key(5), [50, 3]);
  const [{ w, b }] = lsuv([layer], [layer.init(key(0), x)], x, { tolerance: 1e-6 }) as Tuple<
    Weights,
    1
  >;
  const params = [{ w: ops.mul(w, Math.sqrt(0.97)), b }];
  const trials = async (options: Parameters<typeof lsuv>[3]) =>
    (await initialized(run, [layer], params, x, options))[1][0]!.trials;
  assertEquals(await trials({}), 0);
  assertEquals(await trials({ preset: "paper2015" }), 0);
  assertEquals(await trials({ preset: "authors" }), 1);
  assertEquals(await trials({ preset: "common", tolerance: 0.01 }), 1);
});

Deno.test("lsuv()'s errors name what was expected and what was found", () => {
  const net = sequential(conv(2, 3), tanh, globalAvgPool, dense(3));
  const x = filled([2, 5, 5, 1]), params = net.init(key(0), x);
  const with_ = (options: object) => () => lsuv(net.layers, params, x, options);
  const expected: [() => unknown, string][] = [
    [() => lsuv([], [], x), "lsuv: expected at least one layer, found none"],
    [
      with_({ preset: "torch" }),
      "lsuv: expected a preset of paper2015, authors, common, found torch",
    ],
    [with_({ tolerance: 0 }), "lsuv: expected a tolerance above 0, found 0"],
    [with_({ tolerance: NaN }), "lsuv: expected a tolerance above 0, found NaN"],
    [with_({ maxTrials: 0 }), "lsuv: expected maxTrials of at least 1, found 0"],
    [with_({ unroll: 1.5 }), "lsuv: expected unroll of at least 1, found 1.5"],
    [
      with_({ normalize: "both" }),
      "lsuv: expected normalize output, activation, input, found both",
    ],
    [
      () => lsuv(net.layers, params.slice(1), x),
      "lsuv: expected parameters of 4 layers, found 3",
    ],
    [
      () => lsuv([net], [[]] as Params, x),
      "lsuv: expected parameters of 4 layers at [0], found 0",
    ],
    [
      () => lsuv(net.layers, params, filled([3])),
      "lsuv: expected a batch of inputs, f32[batch, ...], found f32[3]",
    ],
    [
      () => lsuv([flatten, dense(2)], [[], { w: filled([9, 2]), b: filled([2]) }], x),
      "[1] dense: expected 9 features, as its weights f32[9, 2] are for, found f32[2, 25]",
    ],
  ];
  for (const [f, text] of expected) assertEquals(message(f), text);
});

Deno.test("variances() is lazy: nothing runs until its tensors are read", () => {
  const net = chain(), x = images();
  assertEquals(variances(net.layers, net.init(key(0), x), x).map((v) => v.shape.join()), [
    "2",
    "1",
    "3",
    "1",
  ]);
});

for (
  const [name, x] of [
    ["NaN", tensor([[1, NaN, 2], [3, 4, 5]])],
    ["infinity", tensor([[1, Infinity, 2], [3, 4, 5]])],
    ["too large sums", tensor([[3e38, 3e38, 3e38], [3e38, 3e38, 3e38]])],
  ] as const
) {
  forEachDevice(
    `lsuv() does not change weights, and reports it, where there is ${name}`,
    async (run) => {
      const net = sequential(dense(4, { init: (_, { shape }) => ops.constant(1, [1, ...shape]) }));
      const params = net.init(key(0), x);
      const [scaled, rows] = await initialized(run, net, params, x);
      const [{ w }] = scaled as typeof params;
      assertEquals([...(await run.read([w]))[0]!], new Array(12).fill(1));
      assertEquals(rows.map(({ converged, trials }) => [converged, trials]), [[false, 0]]);
      assert(!Number.isFinite(rows[0]!.after), `${rows[0]!.after}`);
      assert(formatReport(rows).includes("not finite, left alone"), formatReport(rows));
      const [, drawn] = await lsuvFromBatches(run, net, params, () => x);
      assertEquals(drawn.map(({ converged, trials }) => [converged, trials]), [[false, 0]]);
      // The sums are finite in float64.
    },
    name === "too large sums" ? { devices: ["cpu", "webgpu"] } : {},
  );
}

forEachDevice(
  "lsuv() scales all layers or none, and names the one that is not finite",
  async (run) => {
    const huge = ops.constant(3e38, [4, 3]);
    const net = sequential(dense(4), tanh, dense(3), tanh, dense(2));
    const x = normal(key(5), [16, 6]), drawn = net.init(key(0), x);
    const params = drawn.with(2, { ...drawn[2]!, w: huge }) as unknown as typeof drawn;
    const [scaled, rows] = await initialized(run, net, params, x);
    const [fresh, others] = await lsuvFromBatches(run, net, params, () => x);
    for (const [params_, found] of [[scaled, rows], [fresh, others]] as const) {
      assertEquals(await readAll(run, params_ as Params), await readAll(run, params as Params));
      assertEquals(found.map(({ trials, converged }) => [trials, converged]), [
        [0, false],
        [0, false],
        [0, false],
      ]);
      assert(Number.isFinite(found[0]!.after) && !Number.isFinite(found[1]!.after));
    }
  },
);

forEachDevice("lsuv() scales inputs of any magnitude within f32 to unit variance", async (run) => {
  for (const exponent of [-25, -12, -6, 0, 6, 12, 25]) {
    const x = ops.mul(normal(key(1), [50, 6]), 10 ** exponent);
    const net = sequential(dense(5, { pieces: 2 }), relu, dense(3));
    const [scaled, rows] = await initialized(run, net, net.init(key(0), x), x);
    assert(rows.every(({ converged }) => converged), `1e${exponent}: ${rows.map((r) => r.after)}`);
    within(await measured(run, net, scaled, x), 0.1);
  }
});

forEachDevice("lsuv() does not count rounding errors of constants as variance", async (run) => {
  const net = dense(1), x = ops.constant(0.1, [64, 7]), params = net.init(key(0), x);
  const [scaled, [row]] = await initialized(run, net, params, x);
  assert(row!.zero && row!.trials === 0);
  assertEquals(await readAll(run, scaled), await readAll(run, params));
});

Deno.test("lsuv() rejects a net whose weights are all in layers without a unit", () => {
  const own = layer("own", (key) => ({ v: normal(key, [3, 3]) }), ({ v }, x) => ops.matmul(x, v));
  const x = filled([4, 3]), params = own.init(key(0), x);
  assertEquals(
    message(() => lsuv(own, params, x)),
    "lsuv: expected weights in layers with a unit, found them only elsewhere: v",
  );
  assertEquals(Object.keys(lsuvWithReport(own, params, x)[1].uncovered), ["v"]);
});

forEachDevice("lsuv() walks layers that are put together by hand", async (run) => {
  const { unit } = dense(4), kind = "hand";
  const bare = (size: number) =>
    Object.assign((p: Weights, x: Tensor) => ops.add(unit.linear(p, x), unit.bias(p)), {
      kind,
      unit,
      init: (k: Tensor) => dense(4).init(k, { shape: [1, size], dtype: "f32" }),
    });
  const net = sequential(bare(6), tanh, bare(4)), x = normal(key(1), [40, 6]);
  const [scaled, rows] = await initialized(run, net, net.init(key(0), x), x);
  assertEquals(rows.map(({ name }) => name), ["[0] hand", "[2] hand"]);
  within(await measured(run, net, scaled, x), 0.1);
}, { devices: ["reference"] });
