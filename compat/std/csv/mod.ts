/**
 * A stand-in for `stringify` and `parse` of `@std/csv`, with the same names, options, types and
 * outcomes, for machines that cannot reach jsr.io.
 *
 * @module
 */
export { parse, type ParseOptions, type ParseResult, type RecordWithColumn } from "./parse.ts";
export {
  type Column,
  type ColumnDetails,
  type DataItem,
  type PropertyAccessor,
  stringify,
  type StringifyOptions,
} from "./stringify.ts";
