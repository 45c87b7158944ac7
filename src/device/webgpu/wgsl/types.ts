/**
 * Types of WGSL.
 *
 * @module
 */
import type { DType } from "../../../host_data.ts";

/** Elements that an expression computes at once. */
export type Width = 1 | 4;

/** The WGSL type of one or four elements. */
export const typeOf = (dtype: DType, width: Width): string =>
  width === 1 ? dtype : `vec4<${dtype}>`;
