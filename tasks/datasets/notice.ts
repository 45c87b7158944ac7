/**
 * The notice that a run is not on real data.
 *
 * @module
 */
import { PROCEDURAL } from "../../src/data/catalogue/procedural.ts";
import type { Origin } from "./origin.ts";
import { datasetRecord, type FiledRecord } from "./registry.ts";

/** A notice about a run's data. */
export interface Notice {
  /** Whether the data is not the data that was asked for. */
  readonly warning: boolean;
  /** Printed before the training. */
  readonly start: string;
  /** Printed after it. */
  readonly end?: string;
}

const IMAGES = "built-in procedural images of ten shapes";
const PLAIN_IMAGES = "built-in plain images of ten shapes";

/** The notice for procedural images; undefined for real data. */
export function dataNotice(origin: Origin): Notice | undefined {
  if (origin.kind !== "procedural") return undefined;
  const { instead, seed, plain } = origin;
  if (!instead) {
    const images = plain ? PLAIN_IMAGES : IMAGES;
    return { warning: false, start: `data: ${images}, drawn from seed ${seed}, as asked for` };
  }
  const { title, source } = datasetRecord(instead.of) as FiledRecord;
  return {
    warning: true,
    start:
      `WARNING: this run is NOT on ${title} but on ${IMAGES}, because ${title} is not on this disk: ` +
      `${instead.because}. Its accuracy says nothing about ${title}.`,
    end: `WARNING: this run was NOT on ${title} but on ${IMAGES}.\n` +
      `For ${title}, run again with a network, or with GOODINIT_MIRRORS naming a mirror, or with ` +
      `--data DIR, a folder with ${source}. --dataset ${instead.of} makes its absence an error, ` +
      `--dataset ${PROCEDURAL.name} asks for these images. See docs/data.md.`,
  };
}
