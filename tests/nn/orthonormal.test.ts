/**
 * Orthonormal matrices: the very product of reflections that they are made as, and drawn evenly.
 */
import { assert, assertEquals } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { orthonormal } from "../../src/init/mod.ts";
import { orthonormalColumns } from "../../src/nn/initializers/orthonormal.ts";
import { key, normal } from "../../src/random.ts";
import { topological } from "../../src/graph.ts";
import { assertClose, forEachDevice } from "../devices.ts";

/**
 * The product of reflections, one after another in float64: column j of x, from row j on, says which one is
 * the j-th.
 */
function reflected(x: Float64Array, n: number, m: number): Float64Array {
  const q = Float64Array.from({ length: n * m }, (_, i) => Math.floor(i / m) === i % m ? 1 : 0);
  for (let j = m - 1; j >= 0; j--) {
    const v = Array.from({ length: n }, (_, i) => i < j ? 0 : x[i * m + j]!);
    const norm = Math.hypot(...v), sign = v[j]! < 0 ? -1 : 1;
    v[j]! += sign * norm;
    const square = v.reduce((sum, e) => sum + e * e, 0);
    for (let c = 0; c < m; c++) {
      let dot = 0;
      for (let i = j; i < n; i++) dot += v[i]! * q[i * m + c]!;
      for (let i = j; i < n; i++) q[i * m + c]! -= 2 * v[i]! * dot / square;
    }
  }
  return q.map((e, i) => x[i % m * m + i % m]! < 0 ? e : -e);
}

const SHAPES = [[1, 1], [2, 1], [2, 2], [3, 3], [5, 4], [8, 8], [9, 9], [17, 16], [33, 33], [
  70,
  61,
]];

forEachDevice("orthonormalColumns() are the product of their reflections", async (run) => {
  for (const [n, m] of SHAPES as [number, number][]) {
    const x = normal(key(n), [2, n, m]), [drawn] = evaluate([x]);
    const expected = [0, 1].flatMap((k) => [
      ...reflected(drawn!.subarray(k * n * m, (k + 1) * n * m), n, m),
    ]);
    const found = await run.read(orthonormalColumns(x, 1, [2, n, m])) as unknown as Float32Array;
    assertClose(found, expected, { absolute: 1e-5 }, `${n} × ${m}`);
    const rows = await run.read(orthonormalColumns(normal(key(1), [1, m, n]), 1, [m, n]));
    assertEquals((rows as unknown as Float32Array).length, n * m);
  }
});

forEachDevice("orthonormal() of a large square matrix is orthonormal", async (run) => {
  const n = run.device === "reference" ? 64 : 384;
  const spec = { count: 1, shape: [n, n], fanIn: n, fanOut: n };
  const q = await run.read(orthonormal()(key(3), spec)) as unknown as Float32Array;
  let worst = 0;
  for (let a = 0; a < n; a += 7) {
    for (let b = 0; b < n; b++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += q[i * n + a]! * q[i * n + b]!;
      worst = Math.max(worst, Math.abs(dot - (a === b ? 1 : 0)));
    }
  }
  assert(worst < 1e-5, `found ${worst}`);
});

forEachDevice("orthonormal() is drawn evenly: moments of elements and traces", async (run) => {
  const count = 4000, n = 3, spec = { count, shape: [n, n], fanIn: n, fanOut: n };
  const q = await run.read(orthonormal()(key(5), spec)) as unknown as Float32Array;
  const mean = (f: (matrix: Float32Array) => number) => {
    let total = 0;
    for (let k = 0; k < count; k++) total += f(q.subarray(k * n * n, (k + 1) * n * n));
    return total / count;
  };
  const trace = (matrix: Float32Array) => matrix[0]! + matrix[4]! + matrix[8]!;
  const determinant = ([a, b, c, d, e, f, g, h, i]: Float32Array) =>
    a! * (e! * i! - f! * h!) - b! * (d! * i! - f! * g!) + c! * (d! * h! - e! * g!);
  // Of matrices drawn evenly from O(3): E q² = 1/3, E q⁴ = 1/5, E q₁₁²q₂₂² = 2/15, E tr² = 1, E tr⁴ = 3.
  for (let at = 0; at < n * n; at++) {
    assertClose([mean((m) => m[at]!)], [0], { absolute: 0.04 }, `mean of ${at}`);
    assertClose([mean((m) => m[at]! ** 2)], [1 / 3], { absolute: 0.025 }, `square of ${at}`);
    assertClose([mean((m) => m[at]! ** 4)], [1 / 5], { absolute: 0.02 }, `fourth power of ${at}`);
  }
  assertClose([mean((m) => m[0]! ** 2 * m[4]! ** 2)], [2 / 15], { absolute: 0.015 });
  assertClose([mean(trace)], [0], { absolute: 0.07 });
  assertClose([mean((m) => trace(m) ** 2)], [1], { absolute: 0.1 });
  assertClose([mean((m) => trace(m) ** 4)], [3], { absolute: 0.6 });
  assertClose([mean(determinant)], [0], { absolute: 0.07 });
});

Deno.test("orthonormal() is a few ops, and a few more for each doubling", () => {
  const nodes = (n: number) =>
    topological([orthonormal()(key(0), { count: 1, shape: [n, n], fanIn: n, fanOut: n })])
      .filter(({ op }) => op.kind === "kernel").length;
  assertEquals([nodes(8), nodes(16), nodes(1024)], [7, 10, 22]);
});
