import { assert, assertEquals } from "@std/assert";
import { KERNEL_OPS, SCALAR_OPS, VIEW_OPS } from "../../src/ops/mod.ts";
import { topological } from "../../src/graph.ts";
import { leaves } from "../../src/tree.ts";
import { tensorsOf } from "./case.ts";
import { CASES } from "./cases.ts";

const OPS = { ...KERNEL_OPS, ...SCALAR_OPS, ...VIEW_OPS };

Deno.test("CASES covers every kernel, view and scalar instruction", () => {
  assertEquals(Object.keys(CASES).sort(), Object.keys(OPS).sort());
});

for (const [name, op] of Object.entries(OPS)) {
  Deno.test(`CASES.${name} uses the op in every case, under names that differ`, () => {
    assertEquals(op.name, name);
    const cases = CASES[name as keyof typeof CASES];
    assert(cases.length > 0, `expected cases of ${name}, found none`);
    assertEquals(new Set(cases.map((c) => c.name)).size, cases.length);
    for (const c of cases) {
      const graph = topological(leaves(c.f(...tensorsOf(c))));
      assert(graph.some((x) => x.op === op), `${name}: "${c.name}" does not use the op`);
    }
  });
}
