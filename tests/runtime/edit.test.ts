import { assertEquals, assertRejects } from "@std/assert";
import { add, mul } from "../../src/ops/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { forEachDevice } from "../devices.ts";

forEachDevice(
  "edit: host code changes elements, and compiled code goes on with them",
  async (run) => {
    const lazy = add(tensor([[1, 2, 3]]), 1);
    const edited = await run.edit(lazy, (elements) => {
      assertEquals([...elements], [2, 3, 4]);
      elements[1] = 10;
    });
    assertEquals(edited.shape, [1, 3]);
    const doubled = run.jit((x: typeof edited) => mul(x, 2))(edited);
    assertEquals([...await run.read(doubled)], [4, 20, 8]);
  },
);

forEachDevice(
  "edit takes over the tensor, and leaves others that were made of it",
  async (run) => {
    const [x, copy] = run.jit((x: ReturnType<typeof tensor>) => [mul(x, 2), x] as const)(
      tensor(Int32Array.of(1, 2, 3)),
    );
    const edited = await run.edit(x, async (elements) => {
      await Promise.resolve();
      elements.fill(-1);
    });
    assertEquals([...await run.read(edited)], [-1, -1, -1]);
    assertEquals([...await run.read(copy)], [1, 2, 3]);
    await assertRejects(() => run.read(x), Error, "was taken over by edit");
  },
);

forEachDevice("edit of host data changes a copy", async (run) => {
  const x = tensor([1, 2]);
  const edited = await run.edit(x, (elements) => void (elements[0] = 5));
  assertEquals([...await run.read(edited)], [5, 2]);
  assertEquals([...await run.read(x)], [1, 2]);
});

forEachDevice("a change that throws is the caller's error", async (run) => {
  await assertRejects(
    () => run.edit(add(tensor([1]), 1), () => Promise.reject(new Error("not so"))),
    Error,
    "not so",
  );
});

forEachDevice(
  "edit of a tree gets its elements in one array, from multiples of 16",
  async (run) => {
    const parts = run.jit((x: Tensor) => [[mul(x, 2), add(x, 1)], [mul(x, x)]] as const)(
      tensor([1, 2, 3]),
    );
    const changed = await run.edit(parts, {
      double: (elements) => elements.forEach((x, i) => elements[i] = 2 * x),
      check: (elements) => {
        assertEquals(elements.length, 35);
        const own = [0, 16, 32].flatMap((from) => [...elements.subarray(from, from + 3)]);
        assertEquals(own, [4, 8, 12, 4, 6, 8, 2, 8, 18]);
      },
    });
    const [[a, b], [c]] = await run.read(changed);
    assertEquals([[...a], [...b], [...c]], [[4, 8, 12], [4, 6, 8], [2, 8, 18]]);
    await assertRejects(() => run.read(parts[1][0]), Error, "was taken over by edit");
  },
);

forEachDevice("edit wants tensors of one type", async (run) => {
  await assertRejects(() => run.edit([], () => {}), TypeError, "found none");
  const both = [tensor([1]), tensor(Int32Array.of(1))];
  await assertRejects(() => run.edit(both, () => {}), TypeError, "found f32 and i32");
});
