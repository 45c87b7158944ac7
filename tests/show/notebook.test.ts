/**
 * What notebooks are given to show.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { exp } from "../../src/ops/mod.ts";
import { curve } from "../../src/show/curve.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";

/** What a notebook gets of an object, by media type. */
const shown = (x: object): Record<string, string> =>
  (x as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();

const html = (x: Tensor) => shown(x)["text/html"];

Deno.test("a notebook shows a tensor as a table under its type and shape", () => {
  const row = (...cells: string[]) => `<tr>${cells.map((c) => `<td>${c}</td>`).join("")}</tr>`;
  const table = (...rows: string[]) => `<table>${rows.join("")}</table>`;
  const under = (head: string, body: string) =>
    `<div style="font-family:monospace;white-space:pre"><code>${head}</code>${body}</div>`;
  assertEquals(html(tensor(2)), under("f32[]", "2."));
  assertEquals(html(tensor([1, 2])), under("f32[2]", table(row("1.", "2."))));
  assertEquals(html(tensor([[1], [2]])), under("f32[2, 1]", table(row("1."), row("2."))));
  const tall = tensor(Int32Array.from({ length: 7 }, (_, i) => i), [7, 1]);
  const rows = ["0", "1", "2", "…", "4", "5", "6"].map((cell) => row(cell));
  assertEquals(html(tall), under("i32[7, 1]", table(...rows)));
  const part = (i: string, body: string) => `<tr><th>${i}</th><td>${body}</td></tr>`;
  assertEquals(
    html(tensor([[[1]], [[2]]])),
    under("f32[2, 1, 1]", table(part("0", table(row("1."))), part("1", table(row("2."))))),
  );
});

Deno.test("a notebook shows a lazy tensor as what it is", () => {
  const y = exp(tensor([1]));
  assertEquals(html(y), "<code>f32[1] (lazy, exp of f32[1]: await run.show(x) computes it)</code>");
  assertEquals(shown(y)["text/plain"], Deno.inspect(y));
});

Deno.test("curve() draws a line a series, over round numbers", () => {
  const drawing = curve({ train: [2.3, NaN, 0.6], "<test>": [1, 2, 3] });
  const { svg } = drawing;
  assertEquals(svg.match(/<polyline/g)?.length, 2);
  assertEquals([...svg.matchAll(/text-anchor="end">([\d.]+)</g)].map(([, n]) => n), [
    "0.5",
    "1",
    "1.5",
    "2",
    "2.5",
    "3",
    "2",
  ]);
  assert(svg.includes("&lt;test&gt;") && !svg.includes("NaN"));
  assertEquals(shown(drawing), { "image/svg+xml": svg, "text/plain": "train, <test>" });
});

Deno.test("curve() draws one number, equal numbers and large ones, and not none", () => {
  for (const values of [[0], [5, 5], [1e30, -1e30], [1e-30]]) {
    const { svg } = curve({ values });
    assert(!/NaN|Infinity/.test(svg), svg);
  }
  assertThrows(() => curve({ train: [NaN] }), RangeError, "curve: expected a finite number");
});
