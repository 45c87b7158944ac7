/**
 * Saying plainly that a run is not on real data.
 *
 * @module
 */
import { PROCEDURAL } from "../../src/data/catalogue/procedural.ts";
import type { Origin } from "./origin.ts";
import { datasetRecord, type FiledRecord } from "./registry.ts";

/** What to say of a run's data. */
export interface Notice {
  /** Whether it is not the data that was wanted. */
  readonly warning: boolean;
  /** Said before the training. */
  readonly start: string;
  /** Said after it. */
  readonly end?: string;
}

const IMAGES = "built-in procedural images of ten shapes";

/** What is to be said of procedural images; undefined for real data. */
export function dataNotice(origin: Origin): Notice | undefined {
  if (origin.kind !== "procedural") return undefined;
  const { instead, seed } = origin;
  if (!instead) {
    return { warning: false, start: `data: ${IMAGES}, drawn from seed ${seed}, as asked for` };
  }
  const { title, source } = datasetRecord(instead.of) as FiledRecord;
  return {
    warning: true,
    start: `WARNING: this run is NOT on ${title}, which could not be had: ${instead.because}.\n` +
      `WARNING: it goes on with ${IMAGES}; its accuracy says nothing about ${title}.`,
    end: `WARNING: this run was NOT on ${title} but on ${IMAGES}.\n` +
      `For ${title}, run again with a network, or with GOODINIT_MIRRORS naming a mirror, or with ` +
      `--data DIR, a folder with ${source}. --dataset ${instead.of} makes its absence an error, ` +
      `--dataset ${PROCEDURAL.name} asks for these images. docs/data.md says more.`,
  };
}
