/**
 * Convolution with 3×3 windows by Winograd's algorithms: weights and image blocks are transformed,
 * multiplied, and transformed back, one panel of channels at a time.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import { type KernelContext, LOCAL, type Lowered, type Pass, pass } from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { tileColumns, tiles } from "../../register_tile.ts";
import type { WeightStrides } from "../weights.ts";
import { type Algorithm, F4 } from "./algorithm.ts";
import {
  type BlockReader,
  blockReader,
  type Blocks,
  eachBlock,
  paddedStride,
  setRange,
  splitIntoBlocks,
  type UnitRange,
} from "./blocks.ts";
import { flatBlocks, type FlatUnit } from "./flat_blocks.ts";
import { panelProducts } from "./products.ts";
import { type Domain, type Grid, intoDomain, outOfDomain } from "./transforms.ts";
import { reserveWeights, type TransformedWeights, transformWeights } from "./weights.ts";

/** The target size of a unit's transformed blocks in bytes, so that they stay in the L2 cache. */
const UNIT_BYTES = 512 * 1024;
/** The target range of blocks per unit, so that a panel's products stay in the L1 cache. */
const MOST_BLOCKS = 32, FEWEST_BLOCKS = 8;

/** A unit's workspace in the thread's scratch memory: its transformed blocks, and the products of one panel. */
interface Workspace {
  readonly domain: Domain;
  readonly result: Omit<Domain, "panel">;
  /** The offsets of both in the thread's scratch memory, and of what follows, in bytes. */
  readonly domainStart: number;
  readonly resultStart: number;
  readonly end: number;
}

/** The functions that a unit calls: to transform a block, to multiply a panel, to transform a block back. */
interface Functions {
  readonly into: Func;
  readonly multiply: Func;
  readonly outOf: (channels: number, height: number, width: number) => Func;
}

/** Lowers a convolution with 3×3 windows, stride 1, one group, and channel counts that are multiples of 8. */
export function convolveByWinograd(
  context: KernelContext,
  g: ConvGeometry,
  algorithm: Algorithm,
  strides: WeightStrides,
): Lowered {
  const { features, operands: [operand] } = context, products = algorithm.size ** 2;
  const aim = Math.min(MOST_BLOCKS, Math.floor(UNIT_BYTES / (4 * products * g.channels)));
  const blocks = splitIntoBlocks(g, algorithm, Math.max(FEWEST_BLOCKS, aim));
  const weights = reserveWeights(context, g, algorithm);
  const image = blockReader(context, g, blocks, operand, 2, 0);
  const workspace = layOutWorkspace(g, blocks, tileColumns(features), image.bytes);
  const grid: Grid = { pixel: 4 * g.outChannels, row: 4 * g.outChannels * g.x.out };
  const flat = algorithm === F4
    ? flatBlocks(context, {
      channels: g.channels,
      blocks,
      image,
      result: grid,
      start: workspace.end,
      weights: weights.product,
    })
    : undefined;
  context.reserve(workspace.end + (flat?.bytes ?? 0));
  const functions = addFunctions(context, g, algorithm, { image, workspace, weights, grid });
  const unit = { blocks, weights, image, workspace, grid, functions };
  const units = convolveUnits(context, g, unit, (f) => flat?.unit(f));
  return { passes: [transformWeights(context, g, algorithm, strides, weights), units] };
}

function layOutWorkspace(
  g: ConvGeometry,
  { algorithm: { size }, capacity }: Blocks,
  columns: number,
  start: number,
): Workspace {
  const width = g.channels % columns === 0 ? columns : 8;
  const domain: Domain = {
    width,
    product: paddedStride(4 * g.channels * capacity),
    panel: 4 * width * capacity,
  };
  const result = { width: columns, product: paddedStride(4 * columns * capacity) };
  const resultStart = start + size * size * domain.product;
  const end = resultStart + size * size * result.product;
  return { domain, result, domainStart: start, resultStart, end };
}

/** What the code of a unit is generated from. */
interface UnitCode {
  readonly blocks: Blocks;
  readonly weights: TransformedWeights;
  readonly image: BlockReader;
  readonly workspace: Workspace;
  /** The memory layout of the result. */
  readonly grid: Grid;
  readonly functions: Functions;
}

function addFunctions(
  { module, features }: KernelContext,
  g: ConvGeometry,
  { input, output, size }: Algorithm,
  { image, workspace: { domain, result }, weights, grid }: Omit<UnitCode, "blocks" | "functions">,
): Functions {
  const { product } = weights, products = size * size;
  return {
    into: module.add(intoDomain(features, input, g.channels, image, domain)),
    multiply: module.add(
      panelProducts(features, products, g.channels, domain, product, result.product),
    ),
    outOf: tiles((channels, height, width) =>
      module.add(outOfDomain(features, output, channels, result, grid, height, width))
    ),
  };
}

/** Transforms the blocks of a unit, then multiplies and transforms back panel by panel. */
function convolveUnits(
  context: KernelContext,
  g: ConvGeometry,
  u: UnitCode,
  flatUnit: (f: Func) => FlatUnit | undefined,
): Pass {
  const { blocks, weights, workspace, functions } = u, { tile } = blocks.algorithm;
  const rowElements = g.x.out * g.outChannels, { columns } = weights;
  return pass(blocks.units, (f, unit) => {
    const [image, end, first, rows, count, pointer, at, start, right, to, from, panel] = f.locals(
      "i32",
      12,
    );
    const range: UnitRange = { image, end, first, rows, count }, flat = flatUnit(f);
    const convolvePanel = (channels: number) => {
      f.get(LOCAL).plus(workspace.domainStart).get(right).get(LOCAL).plus(workspace.resultStart);
      f.get(count).call(functions.multiply).get(LOCAL).plus(workspace.resultStart).set(from);
      flat?.multiply(right);
      transformBack(f, g, u, range, { panel, to, from, out: context.out }, channels, flat);
      f.advance(right, weights.panel);
    };
    const convolvePanels = () => {
      const full = Math.floor(g.outChannels / columns), remainder = g.outChannels % columns;
      f.count(panel, full, () => convolvePanel(columns));
      if (!remainder) return;
      f.i32(full).set(panel);
      convolvePanel(remainder);
    };
    setRange(f, blocks, unit, range);
    flat?.begin();
    transformBlocks(f, u, range, { pointer, at }, flat);
    f.get(image).times(g.y.out).get(first).times(tile).op("i32.add");
    f.times(rowElements).set(start).get(f.base(weights.slot)).set(right);
    convolvePanels();
    const last = f.local("i32");
    setLast(f, g, tile, range, last, rowElements);
    context.finish(f, () => f.get(start), () => f.get(last), true);
  });
}

/** Transforms a unit's image blocks, and records those with flat windows. */
function transformBlocks(
  f: Func,
  { blocks, image, workspace: { domain, domainStart }, functions }: UnitCode,
  range: UnitRange,
  { pointer, at }: Readonly<Record<"pointer" | "at", Local>>,
  flat: FlatUnit | undefined,
) {
  const { tile } = blocks.algorithm, { first, rows } = range, width = 4 * domain.width;
  f.get(LOCAL).plus(domainStart).set(at);
  eachBlock(
    f,
    blocks,
    range,
    (n) => image.point(f, { image: n, first, rows, pointer }),
    [
      { pointer, row: tile * image.row, column: tile * image.pixel },
      { pointer: at, row: width * blocks.across, column: width },
    ],
    (row, column) => {
      f.get(pointer, at).call(functions.into);
      flat?.find(pointer, () => f.get(row, first).op("i32.add"), () => f.get(column));
    },
  );
}

/** Transforms a panel's products of a unit's blocks back into the result. */
function transformBack(
  f: Func,
  g: ConvGeometry,
  { blocks, weights: { columns }, grid, functions }: UnitCode,
  range: UnitRange,
  { panel, to, from, out }: Readonly<Record<"panel" | "to" | "from" | "out", Local>>,
  channels: number,
  flat: FlatUnit | undefined,
) {
  const { tile } = blocks.algorithm, { first } = range;
  const pointToResult = (image: Local) => {
    f.get(image).times(g.y.out).get(first).times(tile).op("i32.add").times(grid.row);
    f.get(panel).times(4 * columns).op("i32.add").get(f.base(out)).op("i32.add").set(to);
  };
  const pointers = [
    { pointer: to, row: tile * grid.row, column: tile * grid.pixel },
    { pointer: from, row: 4 * columns * blocks.across, column: 4 * columns },
  ];
  eachBlock(f, blocks, range, pointToResult, pointers, (row, column) => {
    flat?.next();
    const place = { row: () => f.get(row, first).op("i32.add"), column: () => f.get(column) };
    bySize(f, blocks, place, (height, width) => {
      f.get(from, to).call(functions.outOf(channels, height, width));
      flat?.fix(to, channels, height, width);
    });
  });
}

/** Emits `body` for each size of blocks: the last ones along an axis may overhang the image. */
function bySize(
  f: Func,
  { algorithm: { tile }, down, across, lastHeight, lastWidth }: Blocks,
  { row, column }: { readonly row: () => void; readonly column: () => void },
  body: (height: number, width: number) => void,
) {
  const along = (at: () => void, blocks: number, last: number, body: (size: number) => void) => {
    if (last === tile) return body(tile);
    f.block(() => {
      at();
      f.i32(blocks - 1).op("i32.eq").when(() => {
        body(last);
        f.exit(1);
      });
      body(tile);
    });
  };
  along(row, down, lastHeight, (height) => {
    along(column, across, lastWidth, (width) => body(height, width));
  });
}

/** Sets one past a unit's last result element: its results are contiguous, whole images or rows of one. */
function setLast(
  f: Func,
  g: ConvGeometry,
  tile: number,
  { first, rows, end }: UnitRange,
  last: Local,
  rowElements: number,
) {
  f.get(first, rows).op("i32.add").times(tile).tee(last);
  f.i32(g.y.out).get(last).i32(g.y.out).op("i32.lt_u", "select");
  f.get(end).plus(-1).times(g.y.out).op("i32.add").times(rowElements).set(last);
}
