import { assertEquals, assertThrows } from "@std/assert";
import { grad, valueAndGrad } from "../src/grad.ts";
import { add, exp, mul, reshape, sub, sum } from "../src/ops/mod.ts";
import { type Tensor, tensor } from "../src/tensor.ts";
import { forEachDevice, readOne } from "./devices.ts";

const number = (value: number) => tensor(value);
const cube = (x: Tensor) => mul(x, mul(x, x));

forEachDevice("grad() of grad() of a cube is six times its argument, and then six", async (run) => {
  const second = grad(grad(cube)), third = grad(second);
  const all = [cube, grad(cube), second, third].map((f) => f(number(2)));
  assertEquals((await run.read(all) as Float32Array[]).map(([v]) => v), [8, 12, 12, 6]);
});

forEachDevice(
  "grad() inside a closure does not take the outer argument for its own",
  async (run) => {
    // d/dx (x · d/dy (x + y)) = d/dx (x · 1) = 1
    const f = (x: Tensor) => mul(x, grad((y: Tensor) => add(x, y))(number(1)));
    assertEquals(await readOne(run, grad(f)(number(3))), Float32Array.of(1));
    // d/dx (x · d/dy (x · y)) = d/dx x² = 2x
    const g = (x: Tensor) => mul(x, grad((y: Tensor) => mul(x, y))(number(1)));
    assertEquals(await readOne(run, grad(g)(number(3))), Float32Array.of(6));
  },
);

forEachDevice(
  "grad() at a tensor that its function also closes over counts one use",
  async (run) => {
    // With y = x: d/dy (x · y) = x, so that f(x) = x and its derivative is 1.
    const f = (x: Tensor) => grad((y: Tensor) => mul(x, y))(x);
    assertEquals(await readOne(run, f(number(5))), Float32Array.of(5));
    assertEquals(await readOne(run, grad(f)(number(5))), Float32Array.of(1));
    const x = number(4);
    assertEquals(await readOne(run, grad((y: Tensor) => mul(x, y))(x)), Float32Array.of(4));
  },
);

forEachDevice(
  "valueAndGrad() returns the value, and a tree like the first argument",
  async (run) => {
    const params = { w: tensor([1, 2]), layers: [{ b: tensor(3) }] };
    const f = valueAndGrad((p: typeof params, x: Tensor) =>
      add(sum(mul(p.w, x)), mul(p.layers[0]!.b, p.layers[0]!.b))
    );
    const [value, gradients] = await run.read(f(params, tensor([5, 7])));
    assertEquals(value, Float32Array.of(28));
    assertEquals(gradients as unknown, {
      w: Float32Array.of(5, 7),
      layers: [{ b: Float32Array.of(6) }],
    });
  },
);

forEachDevice("grad() of what an argument does not reach is zero", async (run) => {
  const params = { used: tensor([1, 2]), idle: tensor([[1, 2, 3]]) };
  const gradients = grad((p: typeof params) => sum(p.used))(params);
  assertEquals(gradients.idle.shape, [1, 3]);
  assertEquals(await readOne(run, gradients.idle), new Float32Array(3));
  assertEquals(
    await readOne(run, grad((_: Tensor) => number(1))(tensor([1, 2]))),
    new Float32Array(2),
  );
});

forEachDevice("grad() of the identity is one", async (run) => {
  assertEquals(await readOne(run, grad((x: Tensor) => x)(number(7))), Float32Array.of(1));
});

forEachDevice("grad() adds up every use of an argument", async (run) => {
  const f = (x: Tensor) => sum(add(mul(x, x), sub(exp(x), mul(x, 3))));
  assertEquals(await readOne(run, grad(f)(tensor([0, 0]))), Float32Array.of(-2, -2));
  const [shared] = [tensor([2])];
  const pair = grad((p: readonly Tensor[]) => sum(mul(p[0]!, p[1]!)))([shared, shared]);
  assertEquals(await run.read(pair) as unknown, [Float32Array.of(2), Float32Array.of(2)]);
});

forEachDevice("grad() inside jit is what it is outside", async (run) => {
  const call = run.jit(valueAndGrad(cube));
  const [value, slope] = await run.read(call(number(2)));
  assertEquals([value, slope], [Float32Array.of(8), Float32Array.of(12)]);
});

Deno.test("grad() rejects a function that does not return one f32 number", () => {
  const x = tensor([1, 2]);
  const of = (y: unknown) => () => grad(() => y as Tensor)(x);
  const text = "grad: expected a function that returns f32[], or [f32[], auxiliary], found ";
  assertThrows(of(x), TypeError, text + "f32[2]");
  assertThrows(of(reshape(sum(x), [1])), TypeError, text + "f32[1]");
  assertThrows(of(tensor(1, [], "i32")), TypeError, text + "i32[]");
  assertThrows(of(5), TypeError, text + "5");
  assertThrows(of(undefined), TypeError, text + "undefined");
  assertThrows(of([sum(x)]), TypeError, text + "a list of 1");
});

forEachDevice("valueAndGrad() passes an auxiliary output through", async (run) => {
  const loss = (w: Tensor, x: Tensor) => {
    const y = mul(w, x);
    return [sum(y), { y, text: "as it is" }] as const;
  };
  const [[value, { y, text }], gradient] = valueAndGrad(loss)(tensor([1, 2]), tensor([3, 4]));
  const found = await run.read([value, y, gradient]);
  assertEquals(found.map((each) => [...each]), [[11], [3, 8], [3, 4]]);
  assertEquals(text, "as it is");
  assertEquals([...(await run.read([grad(loss)(tensor([1, 2]), tensor([3, 4]))]))[0]], [3, 4]);
});

Deno.test("grad() rejects integer parameters", () => {
  const params = [tensor(1), tensor([1, 2], [2], "u32")];
  assertThrows(() => grad(() => tensor(1))(params), TypeError, "f32 parameters, found u32[2]");
});
