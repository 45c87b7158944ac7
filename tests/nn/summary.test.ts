/**
 * summary(): rows, totals and the table of nets that branch, share layers, and call layers of their own.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import * as g from "../../mod.ts";

const { nn, ops, sequential, summary } = g;
const rows = (...shape: number[]): g.Spec => ({ shape, dtype: "f32" });
const names = (s: ReturnType<typeof summary>) =>
  s.rows.map(({ depth, name }) => "  ".repeat(depth) + name);

Deno.test("summary() of a sequence is a table as Keras prints it", () => {
  const net = sequential(nn.conv(4, 3), nn.relu, nn.flatten, nn.dense(10));
  assertEquals(
    `${summary(net, rows(2, 5, 5, 3))}`,
    [
      "input f32[2, 5, 5, 3]",
      "layer        output        parameters  FLOPs",
      "────────────────────────────────────────────",
      "[0] conv     [2, 3, 3, 4]         112  3,960",
      "[1] relu     [2, 3, 3, 4]           0     72",
      "[2] flatten  [2, 36]                0      0",
      "[3] dense    [2, 10]              370  1,460",
      "────────────────────────────────────────────",
      "482 parameters (1.9 KiB), outputs of all layers 656 bytes, 5,492 FLOPs",
    ].join("\n"),
  );
});

Deno.test("summary() indents the layers inside others, and says what a branch takes", () => {
  const block = sequential(nn.dense(8), nn.relu);
  const net = sequential(nn.dense(8), nn.highway(block, nn.dense(8)), nn.residual(nn.dense(8)));
  const found = summary(net, rows(2, 3));
  assertEquals(names(found), [
    "[0] dense",
    "[1] highway",
    "  [1][0] sequential",
    "    [1][0][0] dense",
    "    [1][0][1] relu",
    "  [1][1] dense",
    "[2] residual",
    "  [2][0] dense",
  ]);
  assertEquals(found.rows.map(({ from }) => from.join()), [
    "input",
    "[0] dense",
    "[0] dense",
    "[0] dense",
    "[1][0][0] dense",
    "[0] dense",
    "[1] highway",
    "[1] highway",
  ]);
  const lines = found.toString().split("\n");
  assertEquals(lines.filter((line) => line.endsWith("  [0]")).length, 1);
  assert(lines[1]!.endsWith("from") && lines[8]!.includes("[1][1] dense"), lines.join("\n"));
  assertEquals(found.rows[1]!.parameters, 2 * 72);
  assertEquals(found.parameters, 32 + 3 * 72);
});

Deno.test("summary() counts shared parameters once, and sees layers inside custom ones", () => {
  const inner = nn.dense(4);
  const twice = nn.compose("twice", [inner], (call, x) => call(0, call(0, x)));
  const custom = nn.layer("custom", (key, x) => inner.init(key, x), (params, x) => {
    return ops.add(inner(params, x), nn.tanh([], x));
  });
  const found = summary(sequential(twice, custom), rows(3, 4));
  assertEquals(found.rows.map(({ name, parameters }) => [name, parameters]), [
    ["[0] twice", 20],
    ["[0][0] dense", 20],
    ["[0][0] dense", 0],
    ["[1] custom", 20],
    ["[1] dense", 20],
    ["[1] tanh", 0],
  ]);
  assertEquals(found.parameters, 40);
});

Deno.test("summary() takes one layer, a list, a net that branches at the top, and a tensor", () => {
  assertEquals(names(summary(nn.dense(2), g.tensor([[1, 2]]))), ["dense"]);
  assertEquals(names(summary([nn.relu, nn.dense(2)], rows(1, 2))), ["[0] relu", "[1] dense"]);
  assertEquals(names(summary(nn.residual(nn.relu), rows(1, 2))), ["residual", "  [0] relu"]);
  const tokens: g.Spec = { shape: [2, 5], dtype: "i32" };
  assertEquals(summary(nn.embedding(9, 3), tokens).rows[0]!.output.shape, [2, 5, 3]);
});

Deno.test("summary() of attention names the projections that its output takes", () => {
  const found = summary(nn.attention(4, 2), rows(2, 3, 4));
  assertEquals(found.rows.at(-1)!.from, ["[0] dense", "[1] dense", "[2] dense"]);
});

Deno.test("a summary is shown as its table, and is plain data beside it", () => {
  const found = summary(nn.dense(2), rows(1, 2));
  assertEquals(Deno.inspect(found), found.toString());
  assertEquals(Object.keys(found), ["input", "rows", "parameters", "flops", "bytes"]);
  assertEquals(JSON.parse(JSON.stringify(found)).rows[0].output, { shape: [1, 2], dtype: "f32" });
});

Deno.test("summary() of a deep net takes no longer than its layers", () => {
  const block = () => nn.residual(sequential(nn.relu, nn.dense(4)));
  const found = summary(sequential(...Array.from({ length: 300 }, block)), rows(2, 4));
  assertEquals([found.rows.length, found.parameters], [1200, 6000]);
});

Deno.test("summary()'s errors say what was expected", () => {
  assertThrows(
    () => summary(nn.dense(2), [1, 2] as never),
    TypeError,
    "summary: expected a net and its input, a tensor or { shape, dtype }, found an array as input",
  );
  assertThrows(
    () => summary(sequential(nn.relu, nn.conv(2, 3)), rows(2, 4)),
    RangeError,
    "[1] conv: expected f32 images [batch, height, width, channels], found f32[2, 4]",
  );
});
