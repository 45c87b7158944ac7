import { assert, assertEquals, assertThrows } from "@std/assert";
import { valueAndGrad } from "../../../src/grad.ts";
import {
  batchNorm,
  calibrate,
  companion,
  compose,
  conv,
  dense,
  flatten,
  layer,
  type ParamsOf,
  relu,
  residual,
  sequential,
  trainingPass,
} from "../../../src/nn/mod.ts";
import { add, mean, mul, sum } from "../../../src/ops/mod.ts";
import { key, normal } from "../../../src/random.ts";
import { type Params, type Tensor, tensor } from "../../../src/tensor.ts";
import { entries, leaves } from "../../../src/tree.ts";
import { assertClose, forEachDevice } from "../../devices.ts";

/** Batch normalization in plain numbers: x [rows][channels]. */
function plain(x: number[][], epsilon = 1e-5) {
  const n = x.length, channels = x[0]!.length;
  const means = Array.from({ length: channels }, (_, c) => x.reduce((s, r) => s + r[c]!, 0) / n);
  const variances = means.map((m, c) => x.reduce((s, r) => s + (r[c]! - m) ** 2, 0) / n);
  const y = x.map((r) => r.map((v, c) => (v - means[c]!) / Math.sqrt(variances[c]! + epsilon)));
  return { means, variances, y };
}

const ROWS = [[1, 10, -3], [3, 50, 0], [-2, 20, 7], [5, -10, 2], [0, 0, 1]];

forEachDevice(
  "batchNorm() normalizes by the batch with a key, by running statistics without",
  async (run) => {
    const layer = batchNorm(), x = tensor(ROWS), params = layer.init(key(0), x);
    const { y, means, variances } = plain(ROWS), n = ROWS.length;
    const [found, seen] = await run.read(
      [layer(params, x, key(1)), layer.observe!(params, x)] as const,
    );
    assertClose(found, y.flat(), { absolute: 1e-5 });
    assertClose(seen.mean, means.map((m) => 0.1 * m), { absolute: 1e-5 });
    assertClose(seen.variance, variances.map((v) => 0.9 + 0.1 * v * n / (n - 1)), {
      absolute: 1e-5,
    });
    const [evaluated] = await run.read([layer(params, x)]);
    assertClose(evaluated, ROWS.flat().map((v) => v / Math.sqrt(1 + 1e-5)), { absolute: 1e-5 });
  },
);

forEachDevice("batchNorm() averages over any axes, scales and shifts", async (run) => {
  const x = normal(key(5), [3, 2, 4, 5]);
  for (const axes of [[0], [0, 1], [0, 1, 2], [0, 3], [1, 2]]) {
    const layer = batchNorm({ axes, epsilon: 1e-3 });
    const start = layer.init(key(0), x), sizes = [3, 2, 4, 5].filter((_, i) => !axes.includes(i));
    assertEquals(entries<Tensor>(start as Params).map(([path, w]) => [path, w.shape]), [
      ["scale", sizes],
      ["b", sizes],
      ["mean", sizes],
      ["variance", sizes],
    ]);
    const params = { ...start, scale: add(start.scale!, 1), b: add(start.b!, 3) };
    const y = layer(params, x, key(1)), kept = { keep: true };
    const [m, square] = await run.read([
      mean(y, axes, kept),
      mean(mul(add(y, -3), add(y, -3)), axes),
    ]);
    assertClose(m, m.map(() => 3), { absolute: 1e-4 });
    assert(square.every((v) => v > 3.5 && v < 4.0001), `${square}`);
  }
});

forEachDevice("batchNorm()'s gradient is that of finite differences", async (run) => {
  const layer = batchNorm({ axes: [0, 1] }), x0 = normal(key(2), [3, 2, 2]);
  const weights = normal(key(3), [3, 2, 2]);
  const params = layer.init(key(0), x0);
  const loss = (x: Tensor) => sum(mul(layer(params, x, key(1)), weights));
  const [, gradient] = valueAndGrad(loss)(x0);
  const [data, g] = await run.read([x0, gradient]);
  for (let i = 0; i < data.length; i++) {
    const at = (by: number) => {
      const moved = Float32Array.from(data);
      moved[i]! += by;
      return loss(tensor(moved, [3, 2, 2]));
    };
    const [[up], [down]] = await run.read([at(1e-2), at(-1e-2)] as const);
    const expected = (up! - down!) / 2e-2;
    assert(Math.abs(g[i]! - expected) < 2e-2, `${i}: ${g[i]} and ${expected}`);
  }
}, { devices: ["reference"] });

forEachDevice("trainingPass() returns what layers learn, in uses and branches too", async (run) => {
  const inner = sequential(dense(3), batchNorm());
  const net = sequential(
    dense(3),
    residual(inner),
    residual(inner),
    relu,
    batchNorm({ momentum: 1 }),
  );
  const x = normal(key(1), [6, 3]), params = net.init(key(0), x);
  const { output, params: after, sides } = trainingPass(net, params, x, key(2));
  assertEquals(sides, []);
  const before = entries<Tensor>(params), now = leaves<Tensor>(after);
  const moved = before.filter(([, w], i) => w !== now[i]).map(([path]) => path);
  assertEquals(moved, [
    "[1][0][1].mean",
    "[1][0][1].variance",
    "[2][0][1].mean",
    "[2][0][1].variance",
    "[4].mean",
    "[4].variance",
  ]);
  const [pass, applied] = await run.read([output, net(params, x, key(2))]);
  assertEquals(pass, applied);
});

forEachDevice("trainingPass() lets a layer that is called twice see both inputs", async (run) => {
  const [a, b] = [tensor([[1], [3]]), tensor([[5], [9]])];
  const twice = compose("twice", [batchNorm()], (call, x) => add(call(0, x), call(0, b)));
  const { params: [after] } = trainingPass(twice, twice.init(key(0), a), a, key(1));
  const [seen] = await run.read([after.mean]);
  assertClose(seen, [0.9 * (0.1 * 2) + 0.1 * 7], { absolute: 1e-6 });
});

forEachDevice(
  "a layer that is called as in evaluation observes nothing, and has no sides",
  async (run) => {
    const part = sequential(batchNorm(), companion(dense(2)));
    const still = layer("still", part.init, (params: ParamsOf<typeof part>, x) => part(params, x));
    const net = sequential(still, batchNorm()), x = tensor(ROWS), start = net.init(key(0), x);
    const { params, sides, output } = trainingPass(net, start, x, key(1));
    assertEquals(params[0], start[0]);
    assert(params[1].mean !== start[1].mean);
    assertEquals(sides, []);
    const [found] = await run.read([output]);
    assertClose(found, plain(ROWS).y.flat(), { absolute: 1e-4 });
    assert(calibrate(net, start, x)[0][0].mean !== start[0][0].mean);
  },
);

forEachDevice("calibrate() makes evaluation equal to training on that batch", async (run) => {
  const net = sequential(
    conv(4, 3, { padding: 1 }),
    batchNorm(),
    relu,
    flatten,
    dense(5),
    batchNorm(),
  );
  const x = normal(key(1), [16, 4, 4, 2]), params = net.init(key(0), x);
  const calibrated = calibrate(net, params, x);
  const [evaluated, trained] = await run.read([net(calibrated, x), net(params, x, key(2))]);
  // Calibrated variances are unbiased: a factor of 16 / 15 at most.
  assertClose(evaluated, trained, { absolute: 0.08 });
  assertEquals(calibrated[0], params[0]);
});

forEachDevice("companion() is the identity, and its head's output is a side", async (run) => {
  const head = sequential(relu, dense(2));
  const net = sequential(dense(4), companion(head, { weight: 0.25 }), dense(3));
  const x = normal(key(1), [5, 3]), params = net.init(key(0), x);
  const { output, sides } = trainingPass(net, params, x, key(2));
  assertEquals(sides.map(({ weight, output }) => [weight, output.shape]), [[0.25, [5, 2]]]);
  const hidden = dense(4)(params[0], x);
  const [side, expected, y, plain] = await run.read([
    sides[0]!.output,
    head(params[1][0], hidden),
    output,
    dense(3)(params[2], hidden),
  ]);
  assertClose(side, expected, { absolute: 1e-6 });
  assertClose(y, plain, { absolute: 1e-6 });
});

Deno.test("batchNorm() and companion() reject what makes no sense", () => {
  const x = normal(key(0), [1, 3]);
  const layer = batchNorm(), params = layer.init(key(0), x);
  const cases: [() => unknown, string][] = [
    [
      () => layer(params, x, key(1)),
      "more than one value per channel in training, found f32[1, 3]",
    ],
    [() => layer(params, normal(key(0), [2, 4])), "that its parameters [3] fit, found f32[2, 4]"],
    [() => layer(params, tensor([1, 2])), "expected f32[batch, ...], found f32[2]"],
    [
      () => layer({ ...params, scale: tensor([1, 2]) }, x),
      "that its parameters [2] fit, found f32[1, 3]",
    ],
    [() => batchNorm({ momentum: 2 }), "a momentum from 0 to 1, found 2"],
    [() => batchNorm({ epsilon: -1 }), "an epsilon of at least 0, found -1"],
    [() => batchNorm({ axes: [0, 0] }).init(key(0), x), "each axis"],
    [() => companion(dense(2), { weight: -1 }), "a weight of at least 0, found -1"],
  ];
  for (const [f, message] of cases) assertThrows(f, RangeError, message);
  assertThrows(
    () => layer({ w: tensor([1]) } as never, x),
    TypeError,
    "batchNorm: expected parameters with mean and variance, found w",
  );
});
