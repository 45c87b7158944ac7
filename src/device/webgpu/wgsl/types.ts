/**
 * WGSL types and access widths.
 *
 * @module
 */
import type { DType } from "../../../host_data.ts";

/** The access width: elements that an expression computes at once. */
export type Width = 1 | 4;

/** The WGSL type of one or four elements. */
export const typeOf = (dtype: DType, width: Width): string =>
  width === 1 ? dtype : `vec4<${dtype}>`;
