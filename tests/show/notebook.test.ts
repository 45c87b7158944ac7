/**
 * What notebooks are given to show.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { exp } from "../../src/ops/mod.ts";
import { showInNotebook } from "../../src/platform/notebook.ts";
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
  const upright = [...svg.matchAll(/text-anchor="end">([\d.]+)</g)].map(([, n]) => n);
  assertEquals(upright, ["0.5", "1", "1.5", "2", "2.5", "3"]);
  const steps = [...svg.matchAll(/text-anchor="middle">(\d+)</g)].map(([, n]) => n);
  assertEquals(steps, ["0", "1", "2"]);
  assert(svg.includes("&lt;test&gt;") && !svg.includes("NaN"));
  const text = "train: 2.3 at step 0, 0.6 at step 2\n<test>: 1 at step 0, 3 at step 2";
  assertEquals(shown(drawing), { "image/svg+xml": svg, "text/plain": text });
  assertEquals(Deno.inspect(drawing), text);
});

Deno.test("curve() names its axes, counts from a number, and draws powers of ten", () => {
  const options = { x: "layer", y: "variance <log>", first: 1, log: true };
  const drawing = curve({ Gaussian: [1, 0.03, 0, 1e-13], LSUV: [1, 1, 1, 1] }, options);
  const { svg } = drawing;
  assert(svg.includes(">layer</text>") && svg.includes(">variance &lt;log&gt;</text>"), svg);
  const upright = [...svg.matchAll(/text-anchor="end">([^<]+)</g)].map(([, n]) => n);
  assertEquals(upright, ["10⁻¹⁵", "10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "1"]);
  const [gaussian, lsuv] = [...svg.matchAll(/points="([^"]+)"/g)].map(([, p]) => p!.split(" "));
  assertEquals([gaussian!.length, lsuv!.length], [3, 4], "numbers that are not positive");
  assertEquals(gaussian!.at(-1)!.split(",")[0], lsuv!.at(-1)!.split(",")[0]);
  assertEquals(
    Deno.inspect(drawing),
    "variance <log> by layer\nGaussian: 1 at layer 1, 1e-13 at layer 4\nLSUV: 1 at layer 1, 1 at layer 4",
  );
});

Deno.test("curve() draws one number, equal numbers and large ones, and not none", () => {
  for (const values of [[0], [5, 5], [1e30, -1e30], [1e-30]]) {
    const { svg } = curve({ values });
    assert(!/NaN|Infinity/.test(svg), svg);
  }
  assert(curve({ one: [3] }).svg.includes("<circle"));
  assertThrows(() => curve({ train: [NaN] }), RangeError, "curve: expected a finite number");
  assertThrows(() => curve({ a: [0, -1] }, { log: true }), RangeError, "a finite positive number");
});

Deno.test("show() of a drawing prints it where there is no notebook", async () => {
  const printed: unknown[] = [], { log } = console;
  console.log = (text: unknown) => printed.push(text);
  try {
    await curve({ loss: [3, 1] }).show();
  } finally {
    console.log = log;
  }
  assertEquals(printed, ["loss: 3 at step 0, 1 at step 1"]);
});

Deno.test("showInNotebook() adds an output to a cell, or replaces what it has shown", async () => {
  const sent: unknown[] = [];
  const notebook = {
    broadcast: (type: string, content: object) => Promise.resolve(void sent.push([type, content])),
  };
  const data = { "text/plain": "loss" }, shows = ["display_data", { data, metadata: {} }];
  assert(await showInNotebook(data, false, notebook));
  assert(await showInNotebook(data, true, notebook));
  assertEquals(sent, [shows, ["clear_output", { wait: true }], shows]);
  assert(!await showInNotebook(data, true));
});
