/**
 * Tiles of a matrix product: their sizes, a cost estimate, and the candidates for given sizes.
 *
 * @module
 */
/** The block of the result that a workgroup computes, and the block of it that a thread computes. */
export interface Tile {
  /** Its name, `128x64x8 by 8x8`. */
  readonly name: string;
  /** Rows of the result. */
  readonly rows: number;
  /** Columns of the result. */
  readonly columns: number;
  /**
   * The extent of the contracted axis in workgroup memory at once; doubled, as the next tile is being
   * loaded.
   */
  readonly depth: number;
  /** Rows per thread. */
  readonly threadRows: number;
  /** Columns per thread. */
  readonly threadColumns: number;
}

/** The sizes of a matrix product: [batch, rows, depth] × [batch, depth, columns]. */
export interface Sizes {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

const tile = (
  rows: number,
  columns: number,
  depth: number,
  threadRows: number,
  threadColumns: number,
): Tile => ({
  name: `${rows}x${columns}x${depth} by ${threadRows}x${threadColumns}`,
  rows,
  columns,
  depth,
  threadRows,
  threadColumns,
});

/**
 * The available tiles. All stay within the 256 threads that every adapter has, and most within the 16 KiB
 * of workgroup memory.
 */
export const TILES: readonly Tile[] = [
  tile(128, 128, 8, 8, 8),
  tile(128, 128, 16, 8, 8),
  tile(128, 96, 8, 8, 8),
  tile(128, 80, 8, 8, 8),
  tile(128, 64, 8, 8, 8),
  tile(128, 64, 16, 8, 8),
  tile(64, 64, 8, 8, 8),
  tile(128, 48, 8, 8, 4),
  tile(128, 32, 8, 8, 4),
  tile(128, 16, 8, 8, 4),
  tile(64, 32, 16, 4, 4),
  tile(32, 32, 16, 4, 4),
];

/** Narrow tiles whose threads compute columns of two pieces, for results that are stored in pieces. */
export const PIECE_TILES: readonly Tile[] = [tile(128, 48, 8, 8, 8), tile(128, 32, 8, 8, 8)];

/** Whether a thread's vectors of columns divide evenly among a number of pieces. */
export const dividesEvenly = ({ columns, threadColumns }: Tile, count: number): boolean =>
  threadColumns / 4 % count === 0 && columns / count % 4 === 0;

/** The threads of a workgroup. */
export const countThreads = (t: Tile): number =>
  t.rows / t.threadRows * (t.columns / t.threadColumns);

/** The bytes of workgroup memory of a tile. */
export const sharedBytes = (t: Tile): number => 2 * 4 * t.depth * (t.rows + t.columns);

/** Threads that saturate a large GPU. */
const FULL = 1 << 15;

/** The number of tiles that cover a product. */
export const countGroups = ({ batch, rows, columns }: Sizes, t: Tile): number =>
  batch * Math.ceil(rows / t.rows) * Math.ceil(columns / t.columns);

/**
 * The estimated cost of a tile, without a unit: all products, including those outside the result, with
 * loads from workgroup memory and from buffers. Up to as many threads as saturate the GPU, their number
 * does not change the time.
 */
function cost(sizes: Sizes, parts: number, t: Tile): number {
  const threads = Math.max(FULL, parts * countGroups(sizes, t) * countThreads(t));
  const loads = 2 * (1 / t.threadRows + 1 / t.threadColumns);
  const traffic = 12 * (1 / t.rows + 1 / t.columns);
  return threads * t.threadRows * t.threadColumns * (1 + loads + traffic);
}

/** The most candidates to measure, and their largest estimated cost relative to the best. */
const MAX_CANDIDATES = 8, MAX_EXCESS = 2;

/**
 * The candidate tiles of a product, the one with the lowest estimate first.
 *
 * @param bytes The available workgroup memory.
 * @param pieces The number of pieces that its columns belong to, where all are stored at once.
 */
export function rankTiles(
  sizes: Sizes,
  parts: number,
  bytes: number,
  pieces = 1,
): readonly Tile[] {
  const all = pieces === 1 ? TILES : [...TILES, ...PIECE_TILES];
  const fitting = all.filter((t) => sharedBytes(t) <= bytes && dividesEvenly(t, pieces));
  if (fitting.length === 0) return [];
  const costs = new Map(fitting.map((t) => [t, cost(sizes, parts, t)]));
  const sorted = fitting.sort((a, b) => costs.get(a)! - costs.get(b)!);
  const most = MAX_EXCESS * costs.get(sorted[0]!)!;
  return sorted.filter((t) => costs.get(t)! <= most).slice(0, MAX_CANDIDATES);
}

/** Looks up the tile that was chosen for a product, by its key; undefined if none was. */
export type ChooseTile = (product: string, candidates: readonly Tile[]) => Tile | undefined;

/** A common multiple of the depths of all tiles. */
const STEP = 16;
/**
 * What the number of parts depends on: results of a usual tile, the number of tiles to aim at, and the
 * number that suffices.
 */
const AREA = 64 * 64, WANTED = 1024, ENOUGH = 256;
/** Results of at most this many tiles get parts of the smaller least depth, others of the larger. */
const FEW = 32, MIN_DEPTH = { few: 128, many: 512 };

/**
 * The depth of the parts of split-K: large results saturate the device by themselves, small ones only if
 * their sums are divided among workgroups. It depends on the sizes alone, never on the tile, and within a
 * part every tile adds in the same order, so the choice of a tile does not change a bit of the result.
 */
export function partDepth({ batch, rows, columns, depth }: Sizes): number {
  const tiles = batch * Math.ceil(rows * columns / AREA);
  if (tiles >= ENOUGH) return depth;
  const least = MIN_DEPTH[tiles < FEW ? "few" : "many"];
  const parts = Math.min(Math.round(WANTED / tiles), Math.floor(depth / least));
  return parts <= 1 ? depth : depthOfParts(depth, parts);
}

/** The depth of each of so many parts; the last may be less deep, and some empty. */
export const depthOfParts = (depth: number, parts: number): number =>
  parts === 1 ? depth : Math.ceil(depth / parts / STEP) * STEP;
