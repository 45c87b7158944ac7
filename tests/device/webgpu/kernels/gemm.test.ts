/**
 * Products of matrices in tiles, as on GPUs: every tile, every way of reading operands, and the choice.
 */
import { assert, assertEquals } from "@std/assert";
import {
  countGroups,
  countThreads,
  dividesEvenly,
  partDepth,
  PIECE_TILES,
  rankTiles,
  sharedBytes,
  type Sizes,
  type Tile,
  TILES,
} from "../../../../src/device/webgpu/kernels/gemm/tile.ts";
import { openWebGpu } from "../../../../src/device/webgpu/mod.ts";
import * as ops from "../../../../src/ops/mod.ts";
import { type Runtime, runtimeOn } from "../../../../src/runtime/mod.ts";
import type { Shape } from "../../../../src/shape.ts";
import { apply, type Tensor } from "../../../../src/tensor.ts";
import { filled, withWebGpu } from "../../../devices.ts";
import { assertAgrees, type Sample, sample } from "../../../ops/oracle.ts";
import { shallow } from "../adapters.ts";
import { maxoutSample } from "../maxout.ts";
import type { Tuple } from "../../../../src/tuple.ts";

const test = withWebGpu;

let tile: Tile;
let opened: Promise<Runtime> | undefined;

/** A runtime as on a GPU, whose every product is computed in one tile from now on. */
function inTile(next: Tile): Promise<Runtime> {
  tile = next;
  return opened ??= openWebGpu({ software: false, chooseTile: () => tile }).then(runtimeOn);
}

Deno.test.afterAll(async () => await (await opened)?.[Symbol.asyncDispose]());

const turn = (x: Tensor) => ops.transpose(x, [0, 2, 1]);

interface Conv {
  readonly image: Shape;
  readonly weight: Shape;
  readonly stride?: number;
  readonly padding: number;
  readonly groups?: number;
}

/** A convolution with ops fused behind it, and its two gradients. */
function convSamples(name: string, { image, weight, stride = 1, padding, groups = 1 }: Conv) {
  const options = { stride, padding, groups };
  const x = filled(image, 1), w = filled(weight, 2), bias = filled([weight[3]!], 4);
  const g = filled(ops.conv2d(x, w, options).shape, 3);
  return [
    sample(
      `conv2d ${name}`,
      [x, w, bias],
      (x, w, bias) => [ops.maximum(ops.add(ops.conv2d(x, w, options), bias), 0)],
    ),
    sample(
      `conv2dInputGradient ${name}`,
      [g, w],
      (g, w) => [apply(ops.KERNEL_OPS.conv2dInputGradient, [g, w], { ...options, shape: image })],
    ),
    sample(
      `conv2dWeightGradient ${name}`,
      [x, g],
      (x, g) => [apply(ops.KERNEL_OPS.conv2dWeightGradient, [x, g], { ...options, shape: weight })],
    ),
  ];
}

// Sizes that no tile divides; that some do is left to conv.test.ts and matmul.test.ts.
const PLAIN = sample(
  "matmul",
  [[2, 133, 68], [2, 68, 132]],
  (a, b) => [ops.matmul(a, b)],
);
const TRANSPOSED = sample(
  "matmul of transposed operands with ops behind",
  [[2, 68, 132], [2, 132, 68], [132]],
  (a, b, c) => [ops.maximum(ops.add(ops.matmul(turn(a), turn(b)), c), 0)],
);
const CONV = convSamples("", { image: [3, 13, 13, 20], weight: [3, 3, 20, 52], padding: 1 });

// Deep tiles take long to compile: one of each size of a thread's part is tried as deep as it is, for
// products alone; all of them, and for convolutions too, where everything is asked for.
const ALL = Deno.env.get("GOODINIT_TESTS") === "all";
const DEEP = ["128x128x8 by 8x8", "128x32x8 by 8x4", "32x32x16 by 4x4"];
const SHAPES = TILES.filter((tile, i) => {
  const { rows, columns } = TILES[i - 1] ?? {};
  return ALL || tile.rows !== rows || tile.columns !== columns;
});

SHAPES.forEach((tile, i) => {
  test(`matmul() and conv2d() with its gradients agree with float64 in tiles of ${tile.name}`, async () => {
    await assertAgrees(await inTile(ALL ? tile : shallow(tile)), CONV);
    await assertAgrees(await inTile(ALL || DEEP.includes(tile.name) ? tile : shallow(tile)), [
      ...(ALL || i % 2 === 1 ? [TRANSPOSED] : []),
      ...(ALL || i % 2 === 0 ? [PLAIN] : []),
    ]);
  });
});

const IN_PIECES = [...SHAPES, ...PIECE_TILES].filter((tile) => dividesEvenly(tile, 2));

const MAXOUT = [
  maxoutSample({ image: [3, 13, 13, 20], units: 52 }),
  maxoutSample({ image: [4, 16, 16, 16], units: 64 }),
  maxoutSample({ image: [3, 13, 15, 20], units: 36 }),
];

IN_PIECES.forEach((tile, i) => {
  test(`maxout of convolutions agrees with float64 in tiles of ${tile.name}`, async () => {
    await assertAgrees(
      await inTile(ALL ? tile : shallow(tile)),
      MAXOUT.filter((_, k) => ALL || k === i % MAXOUT.length),
    );
  });
});

const small = TILES.at(-1)!;

test("conv2d() and its gradients agree with float64 in tiles whatever their options", async () => {
  await assertAgrees(await inTile(shallow(small)), [
    ...convSamples("at stride 2", {
      image: [4, 33, 31, 20],
      weight: [3, 3, 20, 60],
      stride: 2,
      padding: 1,
    }),
    ...convSamples("of a kernel that is no square", {
      image: [4, 17, 18, 16],
      weight: [2, 5, 16, 32],
      padding: 2,
    }),
    ...convSamples("in groups, which tiles leave alone", {
      image: [4, 16, 16, 32],
      weight: [3, 3, 16, 32],
      padding: 1,
      groups: 2,
    }),
  ]);
});

test("conv2d() agrees with float64 where depths of tiles run over several taps", async () => {
  await assertAgrees(await inTile(small), CONV);
});

test("conv2d() agrees with float64 where rows are dilated and columns are not", async () => {
  await assertAgrees(await inTile(shallow(small)), [
    sample(
      "",
      [[2, 16, 16, 16], [3, 2, 16, 36]],
      (x, w) => [ops.conv2d(x, w, { dilation: [3, 1], padding: 1 })],
    ),
  ]);
});

test("matmul() agrees with float64 where the last part of the depth is less deep than the others", async () => {
  const depth = 272;
  assert(depth % partDepth({ batch: 2, rows: 40, columns: 36, depth }) !== 0);
  await assertAgrees(await inTile(shallow(small)), [
    sample("", [[2, 40, depth], [2, depth, 36]], (a, b) => [ops.matmul(a, b)]),
  ]);
});

test("matmul() agrees with float64 where threads add unequal numbers of the depth's parts", async () => {
  const depth = 17 * 128;
  assertEquals(partDepth({ batch: 1, rows: 40, columns: 36, depth }), 128);
  await assertAgrees(await inTile(shallow(small)), [
    sample("", [[1, 40, depth], [1, depth, 36]], (a, b) => [ops.matmul(a, b)]),
  ]);
});

test("matmul() agrees with float64 in more tiles than a row of workgroups holds", async () => {
  await assertAgrees(await inTile(shallow(small)), [
    sample("", [[65537, 4, 4], [65537, 4, 4]], (a, b) => [ops.matmul(a, b)]),
  ]);
});

test("matmul() and conv2dWeightGradient() give the same bits in every tile and each time", async () => {
  const [, , gradient] = CONV as Tuple<Sample, 3>;
  const deep: Sample = sample("", [[1, 40, 700], [1, 700, 36]], (a, b) => [ops.matmul(a, b)]);
  const bits = async (run: Runtime, { f, inputs }: Sample) => {
    const call = run.jit((xs: readonly Tensor[]) => f(...xs));
    const read = async () => new Uint32Array((await run.read(call(inputs)))[0]!.buffer).join();
    const first = await read();
    assertEquals(await read(), first);
    return first;
  };
  const all: string[][] = [];
  for (const tile of [small, shallow(small), shallow(TILES[0]!)]) {
    const run = await inTile(tile);
    all.push([await bits(run, deep), await bits(run, gradient)]);
  }
  for (const each of all) assertEquals(each, all[0]);
});

/** The weight gradient of a convolution of 3 × 3 as a product. */
const gradientSizes = (batch: number, side: number, channels: number, outputs: number): Sizes => ({
  batch: 1,
  rows: 9 * channels,
  columns: outputs,
  depth: batch * side * side,
});

/** The workgroup memory that every adapter has. */
const LEAST = 16384;

Deno.test("TILES fit what every adapter has, some of each size a thread", () => {
  for (const tile of [...TILES, ...PIECE_TILES]) {
    const { rows, columns, depth, threadRows, threadColumns, name } = tile;
    assert(countThreads(tile) <= 256 && countThreads(tile) % 32 === 0, name);
    const fits = [...TILES, ...PIECE_TILES].some((t) =>
      t.rows === rows && t.columns === columns && sharedBytes(t) <= LEAST
    );
    assert(fits && sharedBytes(tile) <= 2 * LEAST, name);
    assert(rows % threadRows === 0 && columns % threadColumns === 0 && 16 % depth === 0, name);
  }
});

Deno.test("rankTiles() suits tiles to sizes", () => {
  const first = (rows: number, columns: number, depth = 576) =>
    rankTiles({ batch: 1, rows, columns, depth }, 1, LEAST)[0];
  assertEquals(first(4096, 4096, 4096)!.name, "128x128x8 by 8x8");
  // No wider than the result.
  for (const columns of [16, 32, 48, 64, 80, 96]) {
    assertEquals(first(131072, columns)!.columns, columns);
  }
  // Enough tiles for small products.
  const sizes = { batch: 1, rows: 512, columns: 128, depth: 576 };
  const all = rankTiles(sizes, 1, LEAST);
  assert(countGroups(sizes, all[0]!) >= 16);
  assert(all.length > 1 && all.length <= 8 && new Set(all).size === all.length);
  const large = { batch: 1, rows: 4096, columns: 4096, depth: 4096 };
  const most = (bytes: number) => Math.max(...rankTiles(large, 1, bytes).map(sharedBytes));
  assertEquals([most(LEAST), most(2 * LEAST)], [LEAST, 2 * LEAST]);
});

Deno.test("rankTiles() has tiles for results in two pieces, as narrow as the result", () => {
  for (const columns of [32, 48, 64, 96, 128]) {
    const all = rankTiles({ batch: 1, rows: 131072, columns, depth: 576 }, 1, LEAST, 2);
    assertEquals(all[0]!.columns, columns);
    assert(all.every((tile) => dividesEvenly(tile, 2)));
  }
  assertEquals(rankTiles({ batch: 1, rows: 4096, columns: 96, depth: 576 }, 1, LEAST, 3), []);
});

Deno.test("partDepth() splits deep sums of small results, at multiples of tiles", () => {
  for (const sizes of [gradientSizes(128, 32, 32, 64), gradientSizes(128, 8, 128, 256)]) {
    const depth = partDepth(sizes), parts = Math.ceil(sizes.depth / depth);
    assertEquals(depth % 16, 0);
    const groups = parts *
      countGroups(sizes, TILES.find((t) => t.rows === 64 && t.columns === 64)!);
    assert(groups >= 900 && groups <= 1400, `found ${groups} workgroups`);
  }
  assertEquals(partDepth({ batch: 1, rows: 131072, columns: 64, depth: 576 }), 576);
  assertEquals(partDepth({ batch: 1, rows: 8, columns: 8, depth: 200 }), 200);
});
