/**
 * Names of the WGSL functions and arrays by which a kernel reads and stores; emitted for each dispatch.
 *
 * @module
 */
import { symbol } from "../wgsl/symbols.ts";
import { typeOf, type Width } from "../wgsl/types.ts";

/** The suffix of accessors of an access width: none for one element, `x4` for four. */
const suffix = (width: Width): string => width === 1 ? "" : "x4";

/** `load0(i)`, `load1x4(i)`: reads an element, or group of four, of an argument. */
export const load = (argument: number, width: Width = 1): string =>
  symbol(loadName(argument, width));

/** `store(i, v)`, `storex4(i, v)`: stores an element, or group of four, of the result. */
export const store = (width: Width = 1): string => symbol(storeName(width));

/** `stored(i)`: reads the value stored so far, in a dispatch that accumulates. */
export const STORED: string = symbol("stored");

/** `prepare(thread, first)`: copies values that repeat among results into workgroup memory. */
export const PREPARE: string = symbol("prepare");

/** `read_scratch0[i]`: scratch as an array. */
export const readScratch = (scratch: number): string => symbol(scratchName(scratch));

/** `image0(x, y, layer)`: reads a texel of an argument that was copied into a texture. */
export const image = (argument: number): string => symbol(`image${argument}`);

/** `image_scratch0(x, y, layer)`: reads a texel of scratch that was copied into a texture. */
export const scratchImage = (scratch: number): string => symbol(`image_scratch${scratch}`);

/** `parameter(k)`: reads a parameter of the dispatch. */
export const parameter = (k: number): string => `${symbol("parameter")}(${k}u)`;

/** The name of {@linkcode load}. */
export const loadName = (argument: number, width: Width): string =>
  `load${argument}${suffix(width)}`;

/** The name of {@linkcode store}. */
export const storeName = (width: Width): string => `store${suffix(width)}`;

/** The name of {@linkcode readScratch}. */
export const scratchName = (scratch: number): string => `read_scratch${scratch}`;

/** The WGSL type of one or four f32. */
export const floats = (width: Width): string => typeOf("f32", width);
