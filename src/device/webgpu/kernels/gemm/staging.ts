/**
 * The way of an operand's tiles from its buffer, through a thread's registers, to workgroup memory.
 *
 * @module
 */
import { symbol } from "../../wgsl/symbols.ts";
import { load as loadAccessor } from "../accessors.ts";
import type { GemmOperand } from "./operand.ts";
import type { Tile } from "./tile.ts";

/** A list made of its places. */
export const range = <T>(n: number, f: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => f(i));
/** The name of a vector's element. */
export const lane = (e: number) => "xyzw"[e];

/** One operand in a tile. */
export interface Side {
  readonly operand: GemmOperand;
  /** `a` or `b`; all names begin with it. */
  readonly name: "a" | "b";
  /** Rows or columns of the tile, and of the whole operand. */
  readonly size: number;
  readonly extent: number;
  /** WGSL of the first row or column of the tile. */
  readonly first: string;
  /** How many pieces its columns are of, as many of each in a tile; `first` is then one of each piece. */
  readonly pieces: number;
}

/** What is fixed while the text is written. */
export interface GemmConfig {
  readonly tile: Tile;
  readonly threads: number;
  readonly sides: readonly [Side, Side];
  /** The inner axis, whole. */
  readonly depth: number;
}

/** A vector of four that a thread fetches for each tile. */
export interface Vector {
  readonly name: string;
  /** Where it is put in workgroup memory: `[outer][inner]`. */
  readonly outer: string;
  readonly inner: string;
  /** Whether all threads have one. */
  readonly always: boolean;
  /** Whether this thread has one. */
  readonly has: string;
  /** Its elements as loads: one of four, or four of one. */
  readonly loads: readonly {
    readonly name: string;
    readonly edge: string;
    readonly depth: string;
  }[];
}

/** In how many vectors an operand's tile lies, along the axis of neighbors and the other. */
export function vectorGrid(
  { operand, size }: Side,
  { depth }: Tile,
): readonly [fast: number, slow: number] {
  return operand.along === "depth" ? [depth / 4, size] : [size / 4, depth];
}

/** The vectors that a thread fetches of one side, and WGSL that declares their places. */
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
    // Columns are stored such that those of a vector of results are apart, and threads' side by side.
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

/** Fetches a side's part of the tile at `depth0` into registers. */
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

/** The name of the workgroup memory that holds half of the double buffer of a side. */
export const tileArrayName = (side: Side["name"], half: number): string => `tile_${side}${half}`;

/** The array of {@linkcode tileArrayName}. */
export const tileArray = (side: Side["name"], half: number): string =>
  symbol(tileArrayName(side, half));

/** Puts what was fetched into workgroup memory. */
export const stash = ({ name }: Side, vectors: readonly Vector[], half: number): string[] =>
  vectors.map((v) => {
    const line = `${tileArray(name, half)}[${v.outer}][${v.inner}] = ${v.name};`;
    return v.always ? line : `if (${v.has}) { ${line} }`;
  });
