/**
 * Ops of the caller's own.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { grad, valueAndGrad } from "../../src/grad.ts";
import {
  add,
  custom,
  div,
  exp,
  floor,
  matmul,
  maximum,
  mul,
  neg,
  sqrt,
  sum,
  tanh,
} from "../../src/ops/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { assertClose, fill, filled, forEachDevice, readOne } from "../devices.ts";

const round = custom("round", (x) => floor(add(x, 0.5)), (cotangent) => [cotangent]);

/** √(a² + b²), and its gradient without dividing by what may be zero. */
const length = custom(
  "length",
  (a: Tensor, b: Tensor) => sqrt(add(mul(a, a), mul(b, b))),
  (cotangent, [a, b], y) => {
    const by = div(cotangent, maximum(y, 1e-9));
    return [mul(by, a), mul(by, b)];
  },
);

forEachDevice(
  "custom() computes what its function says and takes its own gradient",
  async (run) => {
    const x = tensor([0.2, 1.7, -2.4]);
    const [value, slope] = run.jit(valueAndGrad((x: Tensor) => sum(mul(round(x), x))))(x);
    assertClose(await readOne(run, round(x)), [0, 2, -2]);
    assertClose(await readOne(run, value), [0 + 3.4 + 4.8]);
    assertClose(await readOne(run, slope), [0.2 + 0, 1.7 + 2, -2.4 - 2]);
  },
);

forEachDevice("custom() hands its gradient the arguments and the result", async (run) => {
  const a = tensor([3, 0]), b = tensor([4, 0]);
  const [da, db] = run.jit((a: Tensor, b: Tensor) =>
    grad(([a, b]: readonly [Tensor, Tensor]) => sum(length(a, b)))([a, b])
  )(a, b);
  assertClose(await readOne(run, da), [0.6, 0]);
  assertClose(await readOne(run, db), [0.8, 0]);
});

forEachDevice("custom() has derivatives of every order", async (run) => {
  const cube = custom(
    "cube",
    (x) => mul(x, mul(x, x)),
    (cotangent, [x]) => [mul(cotangent, mul(3, mul(x, x)))],
  );
  const second = grad((x: Tensor) => sum(grad((x: Tensor) => sum(cube(x)))(x)));
  assertClose(await readOne(run, second(tensor([1, -2]))), [6, -12]);
});

// What only the gradient needs must not be computed, and must not disturb what is.
forEachDevice("custom() does not compute arguments that its function leaves out", async (run) => {
  const first = custom(
    "first",
    (a: Tensor, _b: Tensor) => a,
    (cotangent, [, b]) => [cotangent, b],
  );
  const w = filled([8, 8], 1);
  const f = (x: Tensor) => tanh(first(matmul(x, w), matmul(exp(x), w)));
  const x = filled([2, 8]);
  assertEquals(run.explain(f, x).match(/matmul/g)?.length, 1);
  assertClose(
    await readOne(run, run.jit(f)(x)),
    await readOne(run, run.jit((x: Tensor) => tanh(matmul(x, w)))(x)),
  );
  const slope = run.jit(grad((x: Tensor) => sum(first(mul(x, 2), mul(x, 5)))))(x);
  assertClose(await readOne(run, slope), fill(16).map((x) => 2 + 5 * (5 * x)));
});

Deno.test("custom() names itself in errors about its gradients' shapes", () => {
  const wrong = custom("wrong", (x) => mul(x, 2), (g) => [sum(g)]);
  assertThrows(
    () => grad((x: Tensor) => sum(wrong(x)))(tensor([1, 2])),
    RangeError,
    "wrong: expected a gradient f32[2] for argument 0, found f32[]",
  );
  const few = custom("few", (x) => mul(x, 2), () => [] as unknown as [Tensor]);
  assertThrows(
    () => grad((x: Tensor) => sum(few(x)))(tensor([1, 2])),
    RangeError,
    "few: expected a gradient for each of 1 argument, found 0",
  );
});

forEachDevice("custom() takes any name, an op's of the library too", async (run) => {
  const x = tensor([1, 2, 3]), column = tensor([[1], [2]]);
  const largest = await readOne(run, maximum(neg(x), x));
  assertEquals([...largest], [1, 2, 3]);
  for (const name of ["maximum", "constant", "iota", "neg", "add", "sum", "alias", "reshape"]) {
    const negative = custom(name, (x) => neg(x), (cotangent) => [neg(cotangent)]);
    assertEquals([...await readOne(run, negative(x))], [-1, -2, -3], name);
    const sums = await readOne(run, add(negative(x), column));
    assertEquals([...sums], [0, -1, -2, 1, 0, -1], name);
    const whole = custom(name, () => x, () => []);
    assertEquals([...await readOne(run, neg(whole()))], [-1, -2, -3], name);
    assertEquals([...await readOne(run, whole())], [1, 2, 3], name);
  }
});
