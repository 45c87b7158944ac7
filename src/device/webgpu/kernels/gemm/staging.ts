/**
 * Staging of an operand's tiles: from its buffer, through registers, into workgroup memory.
 *
 * @module
 */
import { symbol } from "../../wgsl/symbols.ts";
import { load as loadAccessor } from "../accessors.ts";
import type { GemmOperand } from "./operand.ts";
import type { Tile } from "./tile.ts";

/** The list f(0), …, f(n - 1). */
export const range = <T>(n: number, f: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => f(i));
/** The name of a vector component. */
export const lane = (e: number) => "xyzw"[e];

/** One operand in a tile. */
export interface Side {
  readonly operand: GemmOperand;
  /** `a` or `b`, the prefix of all names. */
  readonly name: "a" | "b";
  /** The extent along the edge of the tile, and of the whole operand. */
  readonly size: number;
  readonly extent: number;
  /** WGSL of the first row or column of the tile. */
  readonly first: string;
  /**
   * The number of pieces that its columns belong to, equally many of each in a tile; `first` is then
   * relative to the piece.
   */
  readonly pieces: number;
}

/** The configuration of one emitted product. */
export interface GemmConfig {
  readonly tile: Tile;
  readonly threads: number;
  readonly sides: readonly [Side, Side];
  /** The extent of the whole contracted axis. */
  readonly depth: number;
}

/** A vector of four that a thread fetches for each tile. */
export interface Vector {
  readonly name: string;
  /** Its indices in workgroup memory: `[outer][inner]`. */
  readonly outer: string;
  readonly inner: string;
  /** Whether every thread fetches one. */
  readonly always: boolean;
  /** The WGSL condition for this thread to fetch one. */
  readonly has: string;
  /** Its loads: one of four elements, or four of one. */
  readonly loads: readonly {
    readonly name: string;
    readonly edge: string;
    readonly depth: string;
  }[];
}

/** The number of vectors of an operand's tile along the contiguous axis and along the other. */
export function vectorGrid(
  { operand, size }: Side,
  { depth }: Tile,
): readonly [fast: number, slow: number] {
  return operand.along === "depth" ? [depth / 4, size] : [size / 4, depth];
}

/** The vectors that a thread fetches of one operand, and the WGSL that computes their indices. */
export function assignVectors(
  side: Side,
  { tile, threads }: GemmConfig,
): { lines: string[]; vectors: Vector[] } {
  const { operand, name, size, extent, first, pieces } = side,
    [fast, slow] = vectorGrid(side, tile);
  const lines: string[] = [], even = threads % fast === 0;
  if (even) {
    lines.push(
      `let ${name}_fast = thread % ${fast}u;`,
      `let ${name}_slow = thread / ${fast}u;`,
    );
  }
  const vectors = range(Math.ceil(fast * slow / threads), (i): Vector => {
    const own = `${name}${i}`, slowName = `${own}_slow`;
    const fastName = even ? `${name}_fast` : `${own}_fast`;
    if (even) lines.push(`let ${slowName} = ${name}_slow + ${i * threads / fast}u;`);
    else {
      lines.push(
        `let ${slowName} = (thread + ${i * threads}u) / ${fast}u;`,
        `let ${fastName} = thread + ${i * threads}u - ${slowName} * ${fast}u;`,
      );
    }
    const deep = operand.along === "depth";
    // Columns are interleaved: those of one vector of results are apart, those of neighboring threads
    // adjacent.
    const place = !deep
      ? `${fastName} * 4u`
      : name === "a"
      ? slowName
      : `${slowName} % ${size / 4}u * 4u + ${slowName} / ${size / 4}u`;
    const share = size / pieces, each = extent / pieces;
    lines.push(`let ${own}_index = ${place};`);
    const within = pieces > 1 ? `${own}_index % ${share}u` : `${own}_index`;
    lines.push(`let ${own}_edge = ${first} + ${within};`);
    const before = pieces > 1 ? `${own}_index / ${share}u * ${each}u + ` : "";
    const inside = (edge: string, beyond: number) =>
      before + (each % share === 0 ? edge : `min(${edge}, ${each - beyond}u)`);
    const depth = deep ? `${fastName} * 4u` : slowName;
    const loads = operand.width === 4
      ? [{
        name: own,
        edge: inside(`${own}_edge`, deep ? 1 : 4),
        depth,
      }]
      : range(4, (e) => ({
        name: `${own}${lane(e)}`,
        edge: inside(deep ? `${own}_edge` : `${own}_edge + ${e}u`, 1),
        depth: deep ? `${depth} + ${e}u` : depth,
      }));
    for (const load of loads) lines.push(...operand.setup(load.name, load.edge, load.depth));
    lines.push(`var ${own} = vec4<f32>();`);
    return {
      name: own,
      outer: deep ? fastName : slowName,
      inner: deep ? slowName : fastName,
      always: (i + 1) * threads <= fast * slow,
      has: `${slowName} < ${slow}u`,
      loads,
    };
  });
  return { lines, vectors };
}

/** Fetches the thread's vectors of the tile at `depth0` into registers. */
export function fetch(
  { operand, name }: Side,
  vectors: readonly Vector[],
  { tile, depth }: GemmConfig,
  depth0: string,
): string[] {
  const guarded = depth % tile.depth !== 0,
    load = loadAccessor(operand.argument, operand.width);
  const lines = vectors.flatMap((vector) =>
    vector.loads.flatMap((each, e) => {
      const { lines, when, at } = operand.address(each.name, name, depth0, each.depth);
      const conditions = [
        ...(vector.always ? [] : [vector.has]),
        ...(guarded ? [`${depth0} + ${each.depth} < ${depth}u`] : []),
        ...when,
      ];
      const target = operand.width === 4 ? vector.name : `${vector.name}.${lane(e)}`;
      const zero = operand.width === 4 ? "vec4<f32>()" : "0.0";
      const value = operand.width === 4 ? `${load}(${at} / 4u)` : `${load}(${at})`;
      return [
        ...lines,
        ...(conditions.length === 0 ? [`${target} = ${value};`] : [
          `if (${conditions.join(" && ")}) { ${target} = ${value}; } else { ${target} = ${zero}; }`,
        ]),
      ];
    })
  );
  return ["{", ...(operand.shared?.(name, depth0) ?? []), ...lines, "}"];
}

/** The name of one half of an operand's double buffer in workgroup memory. */
export const tileArrayName = (side: Side["name"], half: number): string => `tile_${side}${half}`;

/** The array of {@linkcode tileArrayName}. */
export const tileArray = (side: Side["name"], half: number): string =>
  symbol(tileArrayName(side, half));

/** Stores the fetched vectors to workgroup memory. */
export const stash = ({ name }: Side, vectors: readonly Vector[], half: number): string[] =>
  vectors.map((v) => {
    const line = `${tileArray(name, half)}[${v.outer}][${v.inner}] = ${v.name};`;
    return v.always ? line : `if (${v.has}) { ${line} }`;
  });
