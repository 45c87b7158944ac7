/**
 * A report as a list of blocks, which are rendered to HTML and Markdown.
 *
 * @module
 */
import type { Drawing } from "../plots/svg.ts";

/** The lines of a table's cell, the main one first. */
export type Lines = readonly string[];

/** A table: a header, and rows of which the first cell is the row's header. */
export interface TableBlock {
  readonly kind: "table";
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Lines[])[];
  /** The indices of numeric columns. */
  readonly numeric?: readonly number[];
}

/** A block of a report. */
export type Block =
  | { readonly kind: "heading"; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "figure"; readonly number: number; readonly drawing: Drawing }
  | TableBlock;

/** A whole report. */
export interface Document {
  readonly title: string;
  readonly lead: readonly string[];
  readonly blocks: readonly Block[];
}

/** A heading. */
export const heading = (text: string, level: 2 | 3 = 2): Block => ({
  kind: "heading",
  level,
  text,
});

/** A paragraph. */
export const paragraph = (text: string): Block => ({ kind: "paragraph", text });

/** A list. */
export const list = (items: readonly string[]): Block => ({ kind: "list", items });

/** A table whose cells have one line each. */
export const plainTable = (
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[] = [],
): TableBlock => ({
  kind: "table",
  caption,
  head,
  rows: rows.map((row) => row.map((cell) => [cell])),
  numeric,
});
