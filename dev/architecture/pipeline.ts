/**
 * A pipeline, file by file, as a drawing: the note of each file is the first sentence of its documentation,
 * and the arrows are its imports.
 *
 * @module
 */
import { buildGraph } from "../floors/check.ts";
import type { Source } from "../floors/imports.ts";
import { firstSentence } from "../first_sentence.ts";
import { arrowsBetween } from "./arrows.ts";
import type { Drawing } from "./drawing.ts";

/** A file of a pipeline, and what it passes to the next one: a name that occurs in both. */
export interface Stage {
  readonly file: string;
  readonly passes?: string;
}

/** A pipeline: the name of its drawing, its title, its stages in order. */
export interface Pipeline {
  readonly name: string;
  readonly title: string;
  readonly stages: readonly Stage[];
}

/** The first sentence of a file's module documentation. */
export function readNote({ path, text }: Source): string {
  const comment = /^\/\*\*([^]*?)\*\//.exec(text)?.[1];
  if (comment === undefined) throw new Error(`${path}: expected a comment at its head, found none`);
  return firstSentence(comment.replace(/^\s*\* ?/gm, "").trim()).replaceAll("`", "");
}

const sourceAt = (sources: readonly Source[], path: string): Source => {
  const source = sources.find((each) => each.path === path);
  if (source === undefined) throw new Error(`expected the file ${path} of a pipeline, found none`);
  return source;
};

/** The drawing of a pipeline. Throws where one of its files does not exist. */
export function pipelineDrawing({ title, stages }: Pipeline, sources: readonly Source[]): Drawing {
  const rowOf = (path: string) => stages.findIndex(({ file }) => file === path);
  return {
    title,
    rows: stages.map(({ file, passes }) => ({
      name: file.replace(/^src\//, ""),
      note: readNote(sourceAt(sources, file)),
      ...(passes === undefined ? {} : { passes }),
    })),
    arrows: arrowsBetween(buildGraph(sources), rowOf),
  };
}
