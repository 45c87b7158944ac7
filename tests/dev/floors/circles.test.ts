import { assertEquals } from "@std/assert";
import { findCircles, shortestCircle } from "../../../dev/floors/circles.ts";

const graph = (edges: Record<string, string>) =>
  new Map(
    Object.entries(edges).map(([file, targets]) => [file, targets.split(" ").filter(Boolean)]),
  );

const cases: [name: string, edges: Record<string, string>, circles: string[][]][] = [
  ["a tree", { a: "b c", b: "d", c: "d", d: "" }, []],
  ["a diamond and a chain", { a: "b c", b: "d", c: "d", d: "e", e: "f", f: "" }, []],
  ["two files", { a: "b", b: "a" }, [["a", "b"]]],
  ["a file that names itself", { a: "a", b: "" }, [["a"]]],
  ["a circle below a chain", { a: "b", b: "c", c: "d", d: "b" }, [["b", "c", "d"]]],
  ["two circles with a bridge", { a: "b", b: "a c", c: "d", d: "c" }, [["c", "d"], ["a", "b"]]],
  ["two circles through one file", { a: "b c", b: "a", c: "a" }, [["a", "b", "c"]]],
  ["a file outside", { a: "outside", b: "a" }, []],
];

for (const [name, edges, circles] of cases) {
  Deno.test(`findCircles() of ${name} is ${JSON.stringify(circles)}`, () =>
    assertEquals(findCircles(graph(edges)), circles));
}

Deno.test("findCircles() follows a chain of 100,000 files", () => {
  const length = 100_000;
  const chain = new Map(
    Array.from({ length }, (_, n) => [`${n}`, [`${(n + 1) % length}`]]),
  );
  assertEquals(findCircles(chain).map((circle) => circle.length), [length]);
});

Deno.test("shortestCircle() finds the shortest circle", () => {
  const edges = graph({ a: "b", b: "c d", c: "e", d: "a", e: "a" });
  assertEquals(shortestCircle(["a", "b", "c", "d", "e"], edges), ["a", "b", "d", "a"]);
});
