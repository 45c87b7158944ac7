/**
 * Tensors in a REPL: values in shape, and operators that JavaScript cannot overload.
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as g from "../../mod.ts";
import { forEachDevice } from "../devices.ts";

forEachDevice("run.show() gives the same tree with its elements, in shape", async (run) => {
  const x = g.tensor([[1, 2], [3, 4]]), double = run.jit((x: g.Tensor) => g.ops.mul(x, 2));
  const { lazy, stored: [stored], given } = await run.show({
    lazy: g.ops.add(x, 0.5),
    stored: [double(x)] as const,
    given: x,
  });
  assertEquals(Deno.inspect(lazy), "f32[2, 2]\n[[1.5 2.5]\n [3.5 4.5]]");
  assertEquals(Deno.inspect(stored), "f32[2, 2]\n[[2. 4.]\n [6. 8.]]");
  assertEquals([...given.data!], [1, 2, 3, 4]);
  assertEquals((await run.show(g.ops.argMax(x))).dtype, "i32");
  await assertRejects(() => run.show("x" as never), TypeError, "expected a tensor");
});

Deno.test("a lazy tensor says how to see its elements", () => {
  const x = g.ops.exp(g.tensor([1]));
  assertEquals(`${x}`, "f32[1] (lazy, exp of f32[1]: await run.show(x) computes it)");
  assertEquals(String(x), Deno.inspect(x));
  assertEquals([x, g.tensor(3)].join(" | "), `${x} | f32[] 3.`);
});

Deno.test("awaiting a tensor gives the tensor itself", async () => {
  const x = g.tensor([1]);
  assert(await x === x);
});

Deno.test("operators on tensors fail with the op that computes them", () => {
  // deno-lint-ignore no-explicit-any
  const x: any = g.tensor([1, 2]);
  const operators: [() => unknown, string][] = [
    [() => x + 1, "x + y is ops.add(x, y)"],
    [() => "loss " + x, "its text is `${x}`"],
    [() => x == 1, "== is ops.equal"],
    [() => x - 1, "x - y is ops.sub(x, y)"],
    [() => 2 * x, "* is ops.mul"],
    [() => x / 2, "/ is ops.div"],
    [() => -x, "found f32[2] in an expression"],
    [() => x > 0, "> is ops.greater"],
    [() => x < x, "< is ops.less"],
    [() => Math.exp(x), "expected a function of ops"],
    [() => JSON.stringify({ x }), "expected numbers for JSON, found f32[2]; await run.read(x)"],
  ];
  for (const [operator, text] of operators) assertThrows(operator, TypeError, text);
});

Deno.test("Node's console shows a tensor as Deno's does", () => {
  const x = g.tensor([[1, 2], [3, 4]]);
  const inspect = Symbol.for("nodejs.util.inspect.custom") as unknown as keyof typeof x;
  const show = x[inspect] as unknown as (depth: number, options: object) => string;
  assertEquals(show.call(x, 2, {}), Deno.inspect(x));
});
