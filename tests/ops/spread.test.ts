/**
 * Where a NaN or an infinity goes in products: it is never lost, and in matrix products spreads no further.
 */
import { assertEquals } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { grad } from "../../src/grad.ts";
import { conv2d, type ConvOptions, matmul, mul, sum } from "../../src/ops/mod.ts";
import { type Shape, sizeOf } from "../../src/shape.ts";
import type { Data } from "../../src/host_data.ts";
import { placeholder, type Tensor, tensor } from "../../src/tensor.ts";
import { fill, forEachDevice } from "../devices.ts";

interface Product {
  readonly name: string;
  readonly shapes: readonly Shape[];
  readonly f: (a: Tensor, b: Tensor) => Tensor;
  /** Whether numbers that are not finite may reach others: by zeros around images, and by Winograd. */
  readonly spreads?: boolean;
}

const matrices = (m: number, k: number, n: number): Product => ({
  name: `matmul ${m} × ${k} × ${n}`,
  shapes: [[m, k], [k, n]],
  f: matmul,
});

/** A convolution and its two gradients. */
function convolutions(x: Shape, w: Shape, options: ConvOptions = {}): Product[] {
  const { shape: y } = conv2d(
    placeholder({ shape: x, dtype: "f32" }),
    placeholder({ shape: w, dtype: "f32" }),
    options,
  );
  const dot = (a: Tensor, b: Tensor, g: Tensor) => sum(mul(conv2d(a, b, options), g));
  const name = `${x} by ${w} ${JSON.stringify(options)}`, spreads = true;
  const any = (shape: Shape) => tensor(fill(sizeOf(shape), 9), shape);
  return [
    { name: `conv2d ${name}`, shapes: [x, w], f: (a, b) => conv2d(a, b, options), spreads },
    {
      name: `image gradient ${name}`,
      shapes: [y, w],
      spreads,
      f: (g, b) => grad((a: Tensor) => dot(a, b, g))(any(x)),
    },
    {
      name: `weight gradient ${name}`,
      shapes: [x, y],
      spreads,
      f: (a, g) => grad((b: Tensor) => dot(a, b, g))(any(w)),
    },
  ];
}

const PRODUCTS: readonly Product[] = [
  matrices(5, 9, 7),
  matrices(33, 17, 65),
  matrices(64, 64, 64),
  matrices(4, 300, 4),
  matrices(1, 7, 1),
  ...convolutions([1, 5, 5, 3], [3, 3, 3, 5], { padding: 1 }),
  ...convolutions([2, 8, 8, 16], [3, 3, 16, 32], { padding: 1 }),
  ...convolutions([2, 9, 9, 4], [5, 5, 4, 12], { padding: 2, stride: 2 }),
];

forEachDevice("a number that is not finite is found in all that it is a part of", async (run) => {
  const faults: string[] = [];
  for (const { name, shapes, f, spreads = false } of PRODUCTS) {
    const call = run.jit((xs: readonly Tensor[]) => f(xs[0]!, xs[1]!));
    for (const operand of [0, 1]) {
      for (const value of [NaN, Infinity]) {
        const data = shapes.map((shape, i) => fill(sizeOf(shape), i));
        data[operand]![Math.floor(data[operand]!.length / 3)] = value;
        const given = data.map((d, i) => tensor(d, shapes[i]));
        const [expected] = evaluate([f(given[0]!, given[1]!)]) as [Float64Array];
        const found = await run.read(call(given)) as Data;
        const count = { lost: 0, more: 0 };
        expected.forEach((e, i) => {
          const y = found[i]!;
          if (!Number.isFinite(e) && Number.isFinite(y)) count.lost++;
          if (Number.isFinite(e) && !Number.isFinite(y)) count.more++;
        });
        if (count.lost || (count.more && !spreads)) {
          faults.push(`${name}, ${value} in ${operand}: ${JSON.stringify(count)}`);
        }
      }
    }
  }
  assertEquals(faults, []);
});
