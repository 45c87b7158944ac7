/**
 * The register-tiled matrix product. A workgroup computes a tile of the result, a thread a block of it of
 * up to 8 × 8 in named vectors. Workgroup memory is double-buffered: while threads multiply one part of the
 * depth, the next is loaded from the buffers, through registers, into the other half. Everything is
 * unrolled, the loop over the depth by two, so that halves and depths are constant indices; naga adds a
 * bounds check to every other index.
 *
 * @module
 */
import type { Width } from "../../wgsl/types.ts";
import { type Declaration, workgroupArray } from "../../wgsl/module.ts";
import { store } from "../accessors.ts";
import { perWorkgroup } from "../entry_points.ts";
import type { Dispatch } from "../kernel.ts";
import {
  assignVectors,
  fetch,
  type GemmConfig,
  lane,
  range,
  stash,
  tileArray,
  tileArrayName,
  vectorGrid,
} from "./staging.ts";
import type { Product } from "./operand.ts";
import { countGroups, countThreads, type Tile } from "./tile.ts";

/** Threads of a subgroup on most GPUs. */
const WARP = 32;

/** Multiplies one half of workgroup memory and accumulates in registers. */
function multiply({ tile, sides: [a, b] }: GemmConfig, half: number): string[] {
  const { threadRows, threadColumns } = tile, lines: string[] = [];
  const tileA = tileArray("a", half), tileB = tileArray("b", half);
  const down = tile.rows / threadRows, across = tile.columns / threadColumns;
  for (let q = 0; q < tile.depth / 4; q++) {
    if (a.operand.along === "depth") {
      for (let r = 0; r < threadRows; r++) {
        lines.push(`let a${q}_${r} = ${tileA}[${q}][y + ${r * down}u];`);
      }
    }
    if (b.operand.along === "depth") {
      for (let c = 0; c < threadColumns; c++) {
        const at = c % 4 * (tile.columns / 4) + Math.floor(c / 4) * across;
        lines.push(`let b${q}_${c} = ${tileB}[${q}][x + ${at}u];`);
      }
    }
    for (let e = 0; e < 4; e++) {
      const k = 4 * q + e;
      if (a.operand.along === "edge") {
        for (let i = 0; i < threadRows / 4; i++) {
          lines.push(`let a${k}_${i} = ${tileA}[${k}][y + ${i * down}u];`);
        }
      }
      for (let j = 0; j < threadColumns / 4; j++) {
        const columns = range(4, (c) => `b${q}_${4 * j + c}.${lane(e)}`);
        lines.push(
          b.operand.along === "edge"
            ? `let v${k}_${j} = ${tileB}[${k}][x + ${j * across}u];`
            : `let v${k}_${j} = vec4<f32>(${columns.join(", ")});`,
        );
      }
      for (let r = 0; r < threadRows; r++) {
        const row = a.operand.along === "depth"
          ? `a${q}_${r}.${lane(e)}`
          : `a${k}_${Math.floor(r / 4)}.${lane(r % 4)}`;
        for (let j = 0; j < threadColumns / 4; j++) {
          lines.push(`s${r}_${j} = fma(vec4<f32>(${row}), v${k}_${j}, s${r}_${j});`);
        }
      }
    }
  }
  return lines;
}

/** Stores a thread's results; `place` gives the index of the first in a row. */
function results(
  { tile, sides: [a, b] }: GemmConfig,
  place: (row: string) => string,
  width: Width,
): string[] {
  const down = tile.rows / tile.threadRows, across = tile.columns / tile.threadColumns;
  const own = tile.threadColumns / 4 / b.pieces, extent = b.extent / b.pieces;
  return range(tile.threadRows, (r) => {
    const at = a.operand.along === "depth"
      ? `y + ${r * down}u`
      : `(y + ${Math.floor(r / 4) * down}u) * 4u + ${r % 4}u`;
    const stores = range(own, (j) => {
      const column = `column + ${4 * j * across}u`,
        sums = range(b.pieces, (k) => `s${r}_${k * own + j}`);
      const guard = (e: number, line: string) =>
        b.extent % b.size === 0 ? line : `if (${column} + ${e}u < ${extent}u) { ${line} }`;
      return width === 4
        ? [guard(0, `${store(4)}((place + ${4 * j * across}u) / 4u, ${sums.join(", ")});`)]
        : range(4, (e) => {
          const values = sums.map((sum) => `${sum}.${lane(e)}`).join(", ");
          return guard(e, `${store()}(place + ${4 * j * across + e}u, ${values});`);
        });
    }).flat();
    const lines = [
      `let row = row0 + ${at};`,
      `let place = ${place("row")} + column;`,
    ];
    return a.extent % a.size === 0
      ? ["{", ...lines, ...stores, "}"]
      : ["{", lines[0]!, `if (row < ${a.extent}u) {`, lines[1]!, ...stores, "} }"];
  }).flat();
}

/** The threads of a workgroup as a grid, with those of a subgroup as close to a square as possible. */
function grid({ tile }: GemmConfig): string[] {
  const across = tile.columns / tile.threadColumns, down = tile.rows / tile.threadRows;
  const width = [8, 4, 2, 1].find((w) => across % w === 0 && down % (WARP / w) === 0)!;
  const height = WARP / width, warps = across / width;
  return [
    `let lane = thread % ${WARP}u;`,
    `let warp = thread / ${WARP}u;`,
    `let x = warp % ${warps}u * ${width}u + lane % ${width}u;`,
    `let y = warp / ${warps}u * ${height}u + lane / ${width}u;`,
  ];
}

/** How the depth is split into parts, and how results are stored. */
export interface Partition {
  readonly parts: number;
  /** The depth of a part: a multiple of the tile's, if there are several. */
  readonly partDepth: number;
  readonly store: Width;
  /** The number of pieces whose columns are stored at once; 1 where each is stored by itself. */
  readonly pieces: number;
  /** The results of a part. */
  readonly outputs: number;
  /** The workgroups of the dispatch: at least as many as there are tiles. */
  readonly columns: number;
  readonly rows: number;
}

/** The index at which a row's first result of a matrix is stored. */
function placeOf(
  { sizes: { batch, rows, columns }, result }: Product,
  { parts, pieces, outputs }: Partition,
): (row: string) => string {
  if (!result) {
    const extent = columns / pieces;
    return (row) => `matrix * ${rows * extent}u + ${row} * ${extent}u`;
  }
  const part = parts === 1 ? "" : `matrix / ${batch}u * ${outputs}u + `;
  const beside = batch === 1 ? "" : ` + batch * ${columns}u`;
  return (row) => `${part}${result.row?.(row) ?? row} * ${result.stride}u${beside}`;
}

/** The kernel's shader; it computes the tiles of all parts, one part's result after another's. */
export function tiledMatmul(
  product: Product,
  tile: Tile,
  partition: Partition,
): Pick<Dispatch, "entry" | "declarations"> {
  const { sizes } = product, [a, b] = product.operands(tile.depth), threads = countThreads(tile);
  const { parts, partDepth, pieces } = partition, tiles = parts * countGroups(sizes, tile);
  const config: GemmConfig = {
    tile,
    threads,
    depth: sizes.depth,
    sides: [
      { operand: a, name: "a", size: tile.rows, extent: sizes.rows, first: "row0", pieces: 1 },
      {
        operand: b,
        name: "b",
        size: tile.columns,
        extent: sizes.columns,
        first: "column0",
        pieces,
      },
    ],
  };
  const { sides } = config, fetched = sides.map((side) => assignVectors(side, config));
  const fetchBoth = (depth0: string) =>
    sides.flatMap((side, i) => fetch(side, fetched[i]!.vectors, config, depth0));
  const stashBoth = (half: number) =>
    sides.flatMap((side, i) => stash(side, fetched[i]!.vectors, half));
  const acrossTiles = Math.ceil(sizes.columns / tile.columns);
  const downTiles = Math.ceil(sizes.rows / tile.rows);
  const declarations = sides.flatMap((side): Declaration[] => {
    const [fast, slow] = vectorGrid(side, tile);
    const [inner, outer] = side.operand.along === "depth" ? [slow, fast] : [fast, slow];
    return [0, 1].map((half) =>
      workgroupArray(tileArrayName(side.name, half), `array<vec4<f32>, ${inner}>`, outer)
    );
  });
  const lines = [
    `let tile = group.x${partition.rows > 1 ? ` + group.y * ${partition.columns}u` : ""};`,
    ...(tiles === partition.columns * partition.rows ? [] : [`if (tile >= ${tiles}u) { return; }`]),
    `let tile_row = tile / ${acrossTiles}u;`,
    `let column0 = (tile - tile_row * ${acrossTiles}u) * ${tile.columns / pieces}u;`,
    `let matrix = tile_row / ${downTiles}u;`,
    `let row0 = (tile_row - matrix * ${downTiles}u) * ${tile.rows}u;`,
    ...(sizes.batch === 1 ? [] : [`let batch = matrix % ${sizes.batch}u;`]),
    ...(parts === 1 ? [`let start = 0u;`, `let end = ${sizes.depth}u;`] : [
      `let start = matrix / ${sizes.batch}u * ${partDepth}u;`,
      `let end = min(start + ${partDepth}u, ${sizes.depth}u);`,
    ]),
    ...grid(config),
    ...fetched.flatMap(({ lines }) => lines),
    ...range(
      tile.threadRows,
      (r) => range(tile.threadColumns / 4, (j) => `var s${r}_${j} = vec4<f32>();`),
    ).flat(),
    // The first half has nothing to multiply yet, and the last has nothing to fetch.
    `for (var depth0 = start;; depth0 += ${2 * tile.depth}u) {`,
    "if (depth0 < end) {",
    ...fetchBoth("depth0"),
    "}",
    "if (depth0 > start) {",
    ...multiply(config, 1),
    "}",
    "if (depth0 >= end) { break; }",
    ...stashBoth(0),
    "workgroupBarrier();",
    `let depth1 = depth0 + ${tile.depth}u;`,
    "if (depth1 < end) {",
    ...fetchBoth("depth1"),
    "}",
    ...multiply(config, 0),
    "if (depth1 >= end) { break; }",
    ...stashBoth(1),
    "workgroupBarrier();",
    "}",
    `let column = column0 + x * 4u;`,
    ...results(config, placeOf(product, partition), partition.store),
  ];
  return {
    declarations,
    entry: perWorkgroup(threads, lines.map((line) => `  ${line}`).join("\n")),
  };
}
