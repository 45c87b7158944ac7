/**
 * scan(): loops over time, their gradients, and that they stay cheap when they are long.
 */
import { assertEquals } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { grad } from "../../src/grad.ts";
import { add, constant, exp, matmul, mul, reshape, scan, sum, tanh } from "../../src/ops/mod.ts";
import { buildPlan } from "../../src/plan/build.ts";
import { placeholder, type Tensor, tensor } from "../../src/tensor.ts";
import { topological } from "../../src/graph.ts";
import { assertClose, filled, forEachDevice } from "../devices.ts";
import { assertSlope } from "../nn/differences.ts";

const value = (x: Tensor): number[] => [...evaluate([x])[0]!];

/** The states of h' = tanh(x + h w), the last and all. */
const recurrent = (xs: Tensor, h: Tensor, w: Tensor, reverse = false) =>
  scan(
    (h: Tensor, x: Tensor) => {
      const next = tanh(add(x, matmul(h, w)));
      return [next, next];
    },
    h,
    xs,
    { reverse },
  );

Deno.test("scan() passes the carry on, and stacks outputs in the order of their steps", () => {
  const xs = { a: tensor([1, 2, 3]), b: tensor([[1, 0], [0, 1], [1, 1]]) };
  const step = (
    { sum: total, count }: { sum: Tensor; count: Tensor },
    { a, b }: { a: Tensor; b: Tensor },
  ) => [{ sum: add(total, a), count: add(count, 1) }, [mul(total, 10), mul(b, a)]] as const;
  const start = { sum: constant(0), count: constant(0, [], "i32") };
  const [forward, [before, rows]] = scan(step, start, xs);
  assertEquals([value(forward.sum), value(forward.count)], [[6], [3]]);
  assertEquals(value(before!), [0, 10, 30]);
  assertEquals([value(rows!), rows!.shape], [[1, 0, 0, 2, 3, 3], [3, 2]]);
  const [backward, [after]] = scan(step, start, xs, { reverse: true });
  assertEquals([value(backward.sum), value(after!)], [[6], [50, 30, 0]]);
});

Deno.test("scan() takes a length instead of inputs, and a step without outputs", () => {
  const [power, none] = scan((x: Tensor) => [mul(x, 2), []], tensor(1), [], { length: 10 });
  assertEquals([value(power), none], [[1024], []]);
});

for (const reverse of [false, true]) {
  Deno.test(`scan()${reverse ? ", in reverse," : ""} has the gradients of differences`, () => {
    const inputs = [filled([3, 2, 2], 1), filled([2, 2], 2), filled([2, 2], 3)];
    assertSlope(([xs, h, w]) => {
      const [last, all] = recurrent(xs!, h!, w!, reverse);
      return add(sum(exp(last)), sum(mul(filled(all.shape, 4), all)));
    }, inputs);
  });
}

forEachDevice(
  "scan() and its gradients are the same on every device, short or long",
  async (run) => {
    for (const [steps, batch, size] of [[1, 2, 3], [2, 1, 5], [13, 3, 7], [65, 2, 4]] as const) {
      const inputs = [
        filled([steps, batch, size], 1),
        filled([batch, size], 2),
        filled([size, size], 3, -0.5, 0.5),
      ];
      const f = ([xs, h, w]: Tensor[]) => {
        const [last, all] = recurrent(xs!, h!, w!);
        return sum(mul(add(all, reshape(last, [1, batch, size])), all));
      };
      const outputs = [f(inputs), ...grad(f)(inputs)], expected = evaluate(outputs);
      const found = await run.read(run.jit((xs: Tensor[]) => [f(xs), ...grad(f)(xs)])(inputs));
      found.forEach((each, i) =>
        assertClose(
          each,
          [...expected[i]!],
          { relative: 1e-4, absolute: 1e-4 },
          `${steps} steps, ${i}`,
        )
      );
    }
  },
);

Deno.test("scan()'s graph and plan grow by the same for each step", () => {
  const inputs = (steps: number) =>
    [[steps, 2, 4], [2, 4], [4, 4]].map((shape) => placeholder({ shape, dtype: "f32" }));
  const policy = { access: () => "any" as const, maxLoads: 8 };
  const sizes = [20, 40, 60].map((steps) => {
    const xs = inputs(steps), f = ([x, h, w]: Tensor[]) => sum(recurrent(x!, h!, w!)[1]);
    const gradients = grad(f)(xs);
    return [topological(gradients).length, buildPlan(xs, gradients, policy).plan.steps.length];
  });
  const growth = [1, 2].map((i) => sizes[i]!.map((n, k) => n - sizes[i - 1]![k]!));
  assertEquals(growth[0], growth[1]);
});
