import { assertEquals, assertThrows } from "@std/assert";
import { type Params, type Tensor, tensor } from "../src/tensor.ts";
import {
  entries,
  flatten,
  leaves,
  mapTree,
  mapTreeWithPath,
  structure,
  unflatten,
} from "../src/tree.ts";
import type { Tuple } from "../src/tuple.ts";

const [a, b, c] = [1, 2, 3].map((n) => tensor(n)) as Tuple<Tensor, 3>;

Deno.test("entries() gives leaves depth first, with their paths", () => {
  const tree = [{ w: a, b: [b] }, c];
  assertEquals(entries<Tensor>(tree), [["[0].w", a], ["[0].b[0]", b], ["[1]", c]]);
  assertEquals(entries<Tensor>({ net: tree }).map(([path]) => path), [
    "net[0].w",
    "net[0].b[0]",
    "net[1]",
  ]);
  assertEquals(entries<Tensor>(a, "carry"), [["carry", a]]);
});

Deno.test("leaves() of empty arrays and records is empty", () => {
  assertEquals(leaves<Tensor>([[], {}, [{}]]), []);
});

for (const wrong of [1, null, undefined, "text", true]) {
  Deno.test(`entries() rejects ${wrong} and names its path`, () => {
    const tree = { net: [a, { w: wrong }] } as unknown as Tensor;
    assertThrows(
      () => entries<Tensor>(tree),
      TypeError,
      `tree net[1].w: expected a tensor, or an array or record of them, found ${wrong}`,
    );
  });
}

for (const wrong of [Promise.resolve(a), new Map([["w", a]]), new Float32Array(2), new Date(0)]) {
  Deno.test(`entries() rejects a ${wrong.constructor.name}, which is no plain record`, () => {
    assertThrows(() => entries<Tensor>([wrong] as unknown as Tensor), TypeError, "tree [0]:");
  });
}

Deno.test("structure() is equal only for trees of the same structure", () => {
  assertEquals(structure<Tensor>([a, { w: b }]), structure<Tensor>([b, { w: c }]));
  const others: Params[] = [
    a,
    [a],
    [[a]],
    { a },
    { b: a },
    [a, a],
    { a: { a } },
    { a: [a] },
    [],
    {},
    [{}],
  ];
  assertEquals(new Set(others.map((tree) => structure<Tensor>(tree))).size, others.length);
});

Deno.test("structure() distinguishes a name with punctuation from nesting", () => {
  assertEquals(structure<Tensor>({ "a:*,b": a }) === structure<Tensor>({ a, b }), false);
  assertEquals(structure<Tensor>({ "a:{b": a }) === structure<Tensor>({ a: { b } }), false);
});

Deno.test("mapTree() preserves the structure and pairs leaves by position", () => {
  const pair = mapTree((x: Tensor, y: Tensor) => [x, y], { w: a, list: [b] }, { w: c, list: [a] });
  assertEquals(pair as unknown, { w: [a, c], list: [[b, a]] });
});

Deno.test("mapTree() rejects trees that nest otherwise", () => {
  assertThrows(
    () => mapTree((x: Tensor) => x, { w: a }, { v: a }),
    TypeError,
    "mapTree: expected trees that nest alike, found {w:*} and {v:*}",
  );
  assertThrows(() => mapTree((x: Tensor) => x, [a], [a, b]), TypeError, "[*] and [*,*]");
});

Deno.test("unflatten() puts values in the positions of the leaves", () => {
  const like = [{ w: a, b: [b] }, c], values = [1, 2, 3];
  assertEquals(unflatten<typeof like, Tensor, number>(like, values) as unknown, [
    { w: 1, b: [2] },
    3,
  ]);
});

Deno.test("flatten() appends the leaves to a list, and returns their structure", () => {
  const [a, b, c] = [tensor(1), tensor([2]), tensor([3, 4])];
  const tree: Params = [{ w: a, "b.c": b }, [c]], into: Tensor[] = [c];
  assertEquals(flatten<Tensor>(tree, into, ""), '[{w:*,"b.c":*},[*]]');
  assertEquals(into, [c, ...leaves<Tensor>(tree)]);
  assertThrows(
    () => flatten<Tensor>([{ w: 3 }] as unknown as Params, [], "argument 0"),
    TypeError,
    "argument 0[0].w: expected a tensor",
  );
});

Deno.test("mapTreeWithPath() gives each leaf's path, and the leaves there of all trees", () => {
  const tree = [{ w: a, b: [b] }, c];
  const seen = mapTreeWithPath((path, x: Tensor, y: Tensor) => [path, x, y], tree, tree);
  assertEquals(seen, [{ w: ["[0].w", a, a], b: [["[0].b[0]", b, b]] }, ["[1]", c, c]]);
  assertEquals(mapTreeWithPath((path, _: Tensor) => path, a), "");
  assertThrows(
    () => mapTreeWithPath((path, _: Tensor) => path, tree, [a]),
    TypeError,
    "mapTreeWithPath: expected trees that nest alike, found [{w:*,b:[*]},*] and [*]",
  );
});
