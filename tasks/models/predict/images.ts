/**
 * The images that a command line names.
 *
 * @module
 */
import type { Dataset, Split } from "../../../src/data/mod.ts";
import { fromCaller } from "../../cli/caller.ts";
import { coverPicture, fitPicture } from "../../images/fit.ts";
import { readPicture } from "../../images/picture.ts";
import { imagesFrom, type Source } from "../inputs.ts";
import { PICTURES } from "../../../src/data/catalogue/pictures.ts";
import { frameSize, type ModelSpec } from "../model.ts";
import { OptionError } from "../../cli/option_table.ts";
import { TaskError } from "../../cli/task_error.ts";

/** An image to classify: its bytes, and its class if known. */
export interface NamedImage {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly label?: number | undefined;
}

/** The bytes of one image of a stream. */
function readImage({ name, stream, ...size }: Dataset, index: number): Uint8Array<ArrayBuffer> {
  using reader = stream!.open(size);
  reader.request([{ index }]);
  const bytes = reader.next();
  if (bytes) return new Uint8Array(bytes);
  throw new TaskError(`${name}: expected image ${index} to be readable, found a damaged file`);
}

const INDEX = /^(test|train):(.*)$/;

function imageAt(name: string, index: string, dataset: Dataset): NamedImage {
  const { images, labels, count, height, width, channels } = dataset;
  const at = /^\d+$/.test(index) ? Number(index) : NaN, size = height * width * channels;
  if (!(at < count)) {
    throw new OptionError(
      `${name}: expected an image from 0 to ${count - 1} of ${dataset.name}, found ${
        index || "nothing"
      }`,
    );
  }
  const bytes = dataset.stream
    ? readImage(dataset, at)
    : images.subarray(at * size, (at + 1) * size);
  return { name, bytes, label: labels[at] };
}

/**
 * Reads the images that a command line names: files, resized for the net, and images of a data set, which
 * is loaded once. Rejects with an {@linkcode OptionError} on an index that the data set does not have.
 */
export async function imagesNamed(
  names: readonly string[],
  model: ModelSpec,
  source: Source & { readonly invert: boolean },
): Promise<NamedImage[]> {
  const loaded = new Map<Split, Promise<Dataset>>();
  const load = (split: Split) => {
    const images = loaded.get(split) ?? imagesFrom(model, source, split);
    loaded.set(split, images);
    return images;
  };
  // Pictures in class folders were cropped to a central square, not stretched.
  const fit = model.dataset === PICTURES.name ? coverPicture : fitPicture;
  const shown: NamedImage[] = [];
  // One after another, as a large picture takes much memory until it is resized.
  for (const name of names) {
    const [, split, index] = INDEX.exec(name) ?? [];
    if (split) {
      shown.push(imageAt(name, index!, await load(split as Split)));
      continue;
    }
    const bytes = fit(await readPicture(fromCaller(name)), frameSize(model));
    shown.push({ name, bytes: source.invert ? bytes.map((byte) => 255 - byte) : bytes });
  }
  return shown;
}

/** Images as a data set. */
export function toDataset(
  images: readonly NamedImage[],
  model: ModelSpec,
): Dataset {
  const { height, width, channels } = frameSize(model), { classes } = model;
  const size = height * width * channels;
  const all = new Uint8Array(images.length * size);
  images.forEach(({ bytes }, i) => all.set(bytes, i * size));
  const labels = Int32Array.from(images, ({ label = 0 }) => label);
  const sizes = { height, width, channels, classes };
  return { name: "images", images: all, labels, count: images.length, ...sizes };
}
