/**
 * Tiles: how a workgroup shares out a product of matrices, and which of them suits which product.
 *
 * @module
 */
/** The part of a product that a workgroup computes, and the part of that which a thread does. */
export interface Tile {
  /** Its name, `128x64x8 by 8x8`. */
  readonly name: string;
  /** Rows of the result. */
  readonly rows: number;
  /** Columns of the result. */
  readonly columns: number;
  /** How much of the inner axis lies in workgroup memory at once; twice, for the next is on its way. */
  readonly depth: number;
  /** Rows of a thread. */
  readonly threadRows: number;
  /** Columns of a thread. */
  readonly threadColumns: number;
}

/** A product of matrices: [batch, rows, depth] × [batch, depth, columns]. */
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
 * The tiles there are. All keep within the 256 threads that every adapter has, and most within the 16 KiB
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

/** Narrow tiles whose threads have columns of two pieces, for results that are stored in pieces. */
export const PIECE_TILES: readonly Tile[] = [tile(128, 48, 8, 8, 8), tile(128, 32, 8, 8, 8)];

/** Whether threads can have as many vectors of columns of each piece. */
export const sharesOut = ({ columns, threadColumns }: Tile, count: number): boolean =>
  threadColumns / 4 % count === 0 && columns / count % 4 === 0;

/** The threads of a tile's workgroup. */
export const countThreads = (t: Tile): number =>
  t.rows / t.threadRows * (t.columns / t.threadColumns);

/** The bytes of workgroup memory that a tile takes. */
export const sharedBytes = (t: Tile): number => 2 * 4 * t.depth * (t.rows + t.columns);

/** Threads that fill a large GPU; smaller ones are filled by fewer. */
const FULL = 1 << 15;

/** The tiles of a product. */
export const countGroups = ({ batch, rows, columns }: Sizes, t: Tile): number =>
  batch * Math.ceil(rows / t.rows) * Math.ceil(columns / t.columns);

/**
 * What a tile is estimated to take, in no unit: all its products, those outside the result too, with a
 * thread's loads from workgroup memory and the workgroup's from the buffers. A thread takes as long
 * however many there are, up to where they fill the GPU.
 */
function cost(sizes: Sizes, parts: number, t: Tile): number {
  const threads = Math.max(FULL, parts * countGroups(sizes, t) * countThreads(t));
  const loads = 2 * (1 / t.threadRows + 1 / t.threadColumns);
  const traffic = 12 * (1 / t.rows + 1 / t.columns);
  return threads * t.threadRows * t.threadColumns * (1 + loads + traffic);
}

/** The most tiles that are worth a trial, and how much more expensive than the best they may be estimated. */
const MAX_CANDIDATES = 8, MAX_EXCESS = 2;

/**
 * The tiles that a product may be computed in, the one that should be fastest first.
 *
 * @param bytes The most workgroup memory there is.
 * @param pieces The pieces that its columns are of, where all are stored at once.
 */
export function rankTiles(
  sizes: Sizes,
  parts: number,
  bytes: number,
  pieces = 1,
): readonly Tile[] {
  const all = pieces === 1 ? TILES : [...TILES, ...PIECE_TILES];
  const fitting = all.filter((t) => sharedBytes(t) <= bytes && sharesOut(t, pieces));
  if (fitting.length === 0) return [];
  const costs = new Map(fitting.map((t) => [t, cost(sizes, parts, t)]));
  const sorted = fitting.sort((a, b) => costs.get(a)! - costs.get(b)!);
  const most = MAX_EXCESS * costs.get(sorted[0]!)!;
  return sorted.filter((t) => costs.get(t)! <= most).slice(0, MAX_CANDIDATES);
}

/** Looks up the tile that was chosen for a product, by its name, if one was. */
export type ChooseTile = (product: string, candidates: readonly Tile[]) => Tile | undefined;

/** What depths of all tiles divide. */
const STEP = 16;
/** What parts are counted by: results of a usual tile, as many of them as there should be, and enough. */
const AREA = 64 * 64, WANTED = 1024, ENOUGH = 256;
/** Results of so few tiles are worth parts of the lesser depth, others of the greater. */
const FEW = 32, MIN_DEPTH = { few: 128, many: 512 };

/**
 * How deep the parts are that a product's inner axis is cut into, to be added in order: large results fill
 * the device by themselves, small ones only if their sums are shared out. It depends on the sizes alone,
 * never on the tile, and within a part every tile adds in the same order: so results are the same bits
 * whichever tile is taken.
 */
export function partDepth({ batch, rows, columns, depth }: Sizes): number {
  const tiles = batch * Math.ceil(rows * columns / AREA);
  if (tiles >= ENOUGH) return depth;
  const least = MIN_DEPTH[tiles < FEW ? "few" : "many"];
  const parts = Math.min(Math.round(WANTED / tiles), Math.floor(depth / least));
  return parts <= 1 ? depth : Math.ceil(depth / parts / STEP) * STEP;
}
