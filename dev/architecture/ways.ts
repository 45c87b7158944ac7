/**
 * The ways through the house that a reader asks for first, file by file: what a batch passes on its way
 * into a step, parameters on their way through LSUV, a convolution on its way to a kernel. What each file
 * is, and who imports whom, is read off the files.
 *
 * @module
 */
import { graphOf } from "../floors/check.ts";
import type { Source } from "../floors/imports.ts";
import { firstSentence } from "../first_sentence.ts";
import { arrowsBetween } from "./arrows.ts";
import type { Drawing } from "./drawing.ts";

/** A file on a way, and what it passes on to the next one, a name that both know. */
export interface Station {
  readonly file: string;
  readonly passes?: string;
}

/** A way: its name as a file, its title, its stations in order. */
export interface Way {
  readonly name: string;
  readonly title: string;
  readonly stations: readonly Station[];
}

/** The first sentence of what a file says of itself. */
export function noteOf({ path, text }: Source): string {
  const comment = /^\/\*\*([^]*?)\*\//.exec(text)?.[1];
  if (comment === undefined) throw new Error(`${path}: expected a comment at its head, found none`);
  return firstSentence(comment.replace(/^\s*\* ?/gm, "").trim()).replaceAll("`", "");
}

const sourceAt = (sources: readonly Source[], path: string): Source => {
  const source = sources.find((each) => each.path === path);
  if (source === undefined) throw new Error(`expected a file ${path} on a way, found none`);
  return source;
};

/** A way as a drawing. Throws where a file of it is not there. */
export function wayDrawing({ title, stations }: Way, sources: readonly Source[]): Drawing {
  const rowOf = (path: string) => stations.findIndex(({ file }) => file === path);
  return {
    title,
    rows: stations.map(({ file, passes }) => ({
      name: file.replace(/^src\//, ""),
      note: noteOf(sourceAt(sources, file)),
      ...(passes === undefined ? {} : { passes }),
    })),
    arrows: arrowsBetween(graphOf(sources), rowOf),
  };
}
