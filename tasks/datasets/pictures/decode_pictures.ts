/**
 * Decoding many pictures on worker threads, each resized as soon as it is decoded.
 *
 * @module
 */
import { DataError } from "../../../src/data/mod.ts";
import type { ImageSize } from "../../images/fit.ts";
import type { DecodeRequest, DecodeResponse } from "./decode_worker.ts";

/** The most worker threads: each decodes one picture at a time. */
const MOST_WORKERS = 16;

/** A worker that decodes one picture after another. */
function startWorker() {
  const worker = new Worker(new URL("./decode_worker.ts", import.meta.url), { type: "module" });
  return {
    decode: (request: DecodeRequest): Promise<DecodeResponse> =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<DecodeResponse>) => resolve(data);
        worker.onerror = (event) => {
          event.preventDefault();
          reject(new Error(`${request.path}: ${event.message}`));
        };
        worker.postMessage(request);
      }),
    [Symbol.dispose]: () => worker.terminate(),
  };
}

/**
 * The bytes of pictures, [count, height, width, channels], each the central part of its picture, resized.
 * Only as many pictures are held in full size as there are threads. Throws a DataError that names the first
 * picture that cannot be read.
 *
 * @param done Called with the number of pictures decoded so far.
 */
export async function decodePictures(
  paths: readonly string[],
  size: ImageSize,
  done: (count: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const elements = size.height * size.width * size.channels;
  const images = new Uint8Array(paths.length * elements), faults = new Map<number, string>();
  let next = 0, decoded = 0;
  const work = async () => {
    using worker = startWorker();
    while (next < paths.length && faults.size === 0) {
      const at = next++, response = await worker.decode({ path: paths[at]!, size });
      if ("message" in response) faults.set(at, response.message);
      else images.set(response.bytes, at * elements);
      done(++decoded);
    }
  };
  const threads = Math.min(navigator.hardwareConcurrency, MOST_WORKERS, paths.length);
  await Promise.all(Array.from({ length: threads }, work));
  if (faults.size === 0) return images;
  throw new DataError(faults.get(Math.min(...faults.keys()))!);
}
