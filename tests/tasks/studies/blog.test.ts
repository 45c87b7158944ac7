import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { key, open, ops, tensor } from "../../../mod.ts";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import { TaskError } from "../../../tasks/cli/task_error.ts";
import { readCells } from "../../../tasks/studies/blog/cells.ts";
import { nninit, nninitMatrix, type Reading } from "../../../tasks/studies/blog/nninit.ts";
import { BATCH, netOf, VARIANTS, withBiases } from "../../../tasks/studies/blog/variants.ts";
import { folderOf } from "../../data/fixtures.ts";

/** The matrix as rows, and the products of its rows. */
async function matrixOf(rows: number, columns: number, reading: Reading) {
  await using run = await open({ device: "reference" });
  const matrix = nninitMatrix(key(1), rows, columns, reading);
  const [found, gram] = await run.read([matrix, ops.matmul(matrix, ops.transpose(matrix))]);
  return { found: [...found!], gram: [...gram!] };
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

Deno.test("V resized has all elements of orthonormal rows, in rows that are not orthonormal", async () => {
  const { found, gram } = await matrixOf(4, 12, "resized");
  assertAlmostEquals(sum(found.map((x) => x * x)), 4, 1e-6);
  const off = gram.filter((_, i) => i % 5 !== 0);
  assert(Math.max(...off.map(Math.abs)) > 0.05, off.join());
});

Deno.test("V narrow has zeros behind its square, and shorter rows", async () => {
  const { found, gram } = await matrixOf(4, 12, "narrow");
  assertEquals(found.filter((_, i) => i % 12 >= 4 && found[i] !== 0), []);
  assert(Math.max(...[0, 5, 10, 15].map((i) => gram[i]!)) < 1);
});

Deno.test("V in used memory has Gaussian numbers behind the same square", async () => {
  const { found } = await matrixOf(4, 40, "used"),
    { found: zeros } = await matrixOf(4, 40, "narrow");
  const square = (values: readonly number[]) => values.filter((_, i) => i % 40 < 4);
  const behind = found.filter((_, i) => i % 40 >= 4);
  assertEquals(square(found), square(zeros));
  assertAlmostEquals(sum(behind.map((x) => x * x)) / behind.length, 1, 0.3);
});

Deno.test("nninit() may read each layer in another way", async () => {
  await using run = await open({ device: "reference" });
  const spec = { count: 1, shape: [12, 4], fanIn: 12, fanOut: 4 };
  const weights = (...args: Parameters<typeof nninit>) => nninit(...args)(key(1), spec);
  const [used, narrow, byLayer] = await run.read([
    weights("used", 1),
    weights("narrow", 1),
    weights((fanIn, fanOut) => fanIn === 12 && fanOut === 4 ? "used" : "narrow", 1),
  ]);
  assertEquals(byLayer, used);
  assert(String(used) !== String(narrow));
});

Deno.test("nninit of more outputs than inputs has U", async () => {
  const { found } = await matrixOf(6, 4, "narrow");
  for (let a = 0; a < 4; a++) {
    for (let b = 0; b < 4; b++) {
      const product = sum(
        [0, 1, 2, 3, 4, 5].map((row) => found[4 * row + a]! * found[4 * row + b]!),
      );
      assertAlmostEquals(product, a === b ? 1 : 0, 1e-6);
    }
  }
});

Deno.test("nninit() lays filters out by Torch's order of outputs, inputs, height, width", async () => {
  await using run = await open({ device: "reference" });
  const shape = [2, 3, 5, 4], spec = { count: 1, shape, fanIn: 30, fanOut: 24 };
  const [filters, matrix] = await run.read([
    nninit("narrow", 2)(key(1), spec),
    nninitMatrix(key(1), 4, 30, "narrow"),
  ]);
  for (const [h, w, i, o] of [[0, 0, 0, 0], [1, 2, 4, 3], [0, 1, 3, 2], [1, 0, 0, 1]] as const) {
    const ours = filters![((h * 3 + w) * 5 + i) * 4 + o],
      theirs = matrix![o * 30 + (i * 2 + h) * 3 + w];
    assertAlmostEquals(ours!, 2 * theirs!, 1e-12);
  }
});

Deno.test("every variant but the first differs from it in something", async () => {
  await using run = await open({ device: "cpu", threads: 1 });
  const x = tensor(new Float32Array(32 * 32), [1, 32, 32, 1]);
  const describe = async (variant: (typeof VARIANTS)[number]) => {
    const net = netOf(variant), params = withBiases(key(2), net.init(key(1), x), variant);
    const [y] = await run.read([net(params, x)]);
    const { shuffled, gradients, images } = variant;
    return [...y!, shuffled, gradients, images.name].join();
  };
  const found: string[] = [];
  for (const variant of VARIANTS) found.push(await describe(variant));
  assertEquals(new Set(found).size, VARIANTS.length);
  assertEquals(BATCH, 100);
});

Deno.test("a file of other settings, or of something else, is not continued", async () => {
  const text = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));
  const cell = { variant: "a", column: "b", accuracies: [1] };
  await using folder = await folderOf({
    "other.json": text({ epochs: 2, cells: [] }),
    "broken.json": text({ epochs: 3, cells: [{ variant: "a" }] }),
    "whole.json": text({ epochs: 3, cells: [cell] }),
  });
  const read = (name: string) => readCells(`${folder.path}/${name}.json`, { epochs: 3 });
  assertEquals(await read("whole"), [cell]);
  assertEquals(await read("absent"), []);
  await assertRejects(() => read("other"), OptionError, "has epochs 2, expected 3");
  await assertRejects(
    () => read("broken"),
    TaskError,
    "broken.json: cells[0].column: expected a text, found nothing",
  );
});
