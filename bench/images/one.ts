/**
 * Loads the pictures of a folder once, in a process of its own: images per second and memory, as JSON.
 *
 * @module
 */
import { openLoader } from "../../src/data/loader/loader.ts";
import { keyData } from "../../src/threefry.ts";
import { peakBytes } from "../peak_memory.ts";
import { imageFolder } from "../../tasks/images/mod.ts";

/** What to load. */
export interface LoadRequest {
  readonly folder: string;
  readonly workers: number;
  readonly batch: number;
  /** How many images are loaded at most. */
  readonly images: number;
  readonly crop: number;
}

/** What was measured. */
export interface LoadResult {
  readonly images: number;
  readonly imagesPerSecond: number;
  /** Seconds from the first request to the fourth batch, with the start of the threads. */
  readonly firstBatchesSeconds: number;
  /** The most resident memory. */
  readonly megabytes: number;
}

/** Batches before the clock starts. */
const WARM = 4;

/** The most resident memory of this process in megabytes; NaN where the system does not say. */
function peakMemory(): number {
  return Math.round((peakBytes() ?? NaN) / 1e6);
}

async function load({ folder, workers, batch, images, crop }: LoadRequest): Promise<LoadResult> {
  const options = { crop, resizedCrop: true, workers, testShare: 0.01 };
  const { train } = await imageFolder(folder, options), began = performance.now();
  using loader = openLoader({ train, batch, epochs: 100, key: keyData(0), augment: true });
  const batches = Math.floor(images / batch);
  let warm = began, done = 0;
  for (const { images } of loader.take(batches)) {
    if (!images.some((value) => value !== 0)) throw new Error("expected images, found zeros");
    if (++done === WARM) warm = performance.now();
  }
  const counted = (batches - WARM) * batch, seconds = (performance.now() - warm) / 1000;
  return {
    images: counted,
    imagesPerSecond: Math.round(counted / seconds),
    firstBatchesSeconds: Number(((warm - began) / 1000).toFixed(3)),
    megabytes: peakMemory(),
  };
}

if (import.meta.main) console.log(JSON.stringify(await load(JSON.parse(Deno.args[0]!))));
