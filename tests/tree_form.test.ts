import { assert, assertEquals } from "@std/assert";
import { tensor, tree } from "../mod.ts";
import { TreeForm } from "../src/tree_form.ts";

const a = tensor(1), b = tensor(2), c = tensor(3);

Deno.test("TreeForm reads and makes trees of its form", () => {
  const trees = [a, [], {}, [a], [[], {}, a], { w: a, b: [b, { c }] }, [{ __proto__: null, w: a }]];
  for (const like of trees) {
    const form = new TreeForm(like), found: unknown[] = [];
    assert(form.collect(like, found));
    assertEquals(found, tree.leaves(like as never));
    assertEquals(form.make(found), like);
    assertEquals(form.make([10, 20, 30]), tree.unflatten(like, [10, 20, 30]));
  }
});

Deno.test("TreeForm tells trees of other forms apart", () => {
  const forms = [a, [], [a], [a, b], [[a]], {}, { w: a }, { b: a }, { w: a, b }, { b, w: a }, [{}]];
  for (const [i, like] of forms.entries()) {
    const form = new TreeForm(like);
    for (const [j, other] of forms.entries()) {
      assertEquals(form.collect(other, []), i === j, `${i}, ${j}`);
    }
    for (const other of [undefined, null, 1, new Map(), new Float32Array(1)]) {
      assert(!form.collect(other, []) && !form.collect([other], []));
    }
  }
});

Deno.test("TreeForm keeps a record's own key __proto__", () => {
  const like = JSON.parse('{"__proto__":[0]}');
  like["__proto__"][0] = a;
  const made = new TreeForm(like).make([7]) as object;
  assertEquals(Object.getOwnPropertyNames(made), ["__proto__"]);
  assertEquals(Object.getPrototypeOf(made), Object.prototype);
});

Deno.test("TreeForm takes trees of any depth", () => {
  let like: unknown = a;
  for (let i = 0; i < 50_000; i++) like = i % 2 ? [like] : { x: like };
  const form = new TreeForm(like), found: unknown[] = [];
  assert(form.collect(form.make([b]), found));
  assertEquals(found.length, 1);
  assert(found[0] === b);
});
