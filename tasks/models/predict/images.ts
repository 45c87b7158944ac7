/**
 * The images that a command line names.
 *
 * @module
 */
import { findPath } from "../../cli/find_path.ts";
import { DataError, type Dataset, type Example, type Split } from "../../../src/data/mod.ts";
import { exampleAt } from "../../../src/data/select.ts";
import { LOSSES, targetKind } from "../../../src/nn/mod.ts";
import { fromCaller } from "../../cli/caller.ts";
import { coverPicture, fitPicture } from "../../images/fit.ts";
import { picturesIn } from "../../images/listing/picture_files.ts";
import { readPicture } from "../../images/picture.ts";
import { imagesFrom, type Source } from "../inputs.ts";
import { PICTURES } from "../../../src/data/catalogue/pictures.ts";
import { frameSize, type ModelSpec } from "../model.ts";
import { looksInverted } from "./inverted.ts";
import { OptionError } from "../../cli/option_table.ts";
import { TaskError } from "../../cli/task_error.ts";

/** An image to classify: its bytes, and its class if known. */
export interface NamedImage {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its class, or its numbers. */
  readonly label?: Example["label"] | undefined;
}

/** The bytes of one image of a stream. */
function readStreamed({ name, stream, ...size }: Dataset, index: number): Uint8Array<ArrayBuffer> {
  using reader = stream!.open(size);
  reader.request([{ index }]);
  const bytes = reader.next();
  if (bytes) return new Uint8Array(bytes);
  throw new TaskError(`${name}: expected image ${index} to be readable, found a damaged file`);
}

const INDEX = /^(test|train):(.*)$/;

function imageAt(name: string, index: string, dataset: Dataset): NamedImage {
  const { count } = dataset, at = /^\d+$/.test(index) ? Number(index) : NaN;
  if (!(at < count)) {
    throw new OptionError(
      `${name}: expected an image from 0 to ${count - 1} of ${dataset.name}, found ${
        index || "nothing"
      }`,
    );
  }
  const { image, label } = exampleAt(dataset, at);
  return { name, bytes: dataset.stream ? readStreamed(dataset, at) : image, label };
}

/** Images to classify, and why others cannot be. */
export interface FoundImages {
  readonly images: readonly NamedImage[];
  /** A sentence for each file that is no picture. */
  readonly faults: readonly string[];
  /** The names of pictures that look inverted to the net. */
  readonly inverted: readonly string[];
}

/** Where images are found, and how files are read. */
type Lookup = Source & { readonly invert: boolean };

/** A path itself, or the pictures in the folder that it names. Throws a {@linkcode TaskError} where that has none. */
async function expandFolder(path: string): Promise<readonly string[]> {
  const file = fromCaller(path), found = await findPath(file);
  if (!found?.isDirectory) return [path];
  const folder = path.replace(/(?<=.)[/\\]+$/, "");
  const pictures = (await picturesIn(file)).map((name) => `${folder}/${name}`);
  if (pictures.length > 0) return pictures;
  throw new TaskError(`${path}: expected pictures in the folder, found none`);
}

/** Reads a picture, resized for the net. */
async function readImage(
  name: string,
  model: ModelSpec,
  { invert, pictures }: Lookup,
): Promise<NamedImage> {
  // Pictures in class folders were cropped to a central square, not stretched.
  const fit = model.dataset === PICTURES.name ? coverPicture : fitPicture;
  const bytes = fit(await readPicture(fromCaller(name), pictures?.maxPixels), frameSize(model));
  return { name, bytes: invert ? bytes.map((byte) => 255 - byte) : bytes };
}

/**
 * Reads the images that a command line names: files, resized for the net, those in folders, and images of a
 * data set, which is loaded once. A file that is no picture does not keep the others. Rejects with an
 * {@linkcode OptionError} on an index that the data set does not have.
 */
export async function imagesNamed(
  names: readonly string[],
  model: ModelSpec,
  source: Lookup,
): Promise<FoundImages> {
  const loaded = new Map<Split, Promise<Dataset>>();
  const load = (split: Split) => {
    const images = loaded.get(split) ?? imagesFrom(model, source, split);
    loaded.set(split, images);
    return images;
  };
  const images: NamedImage[] = [], faults: string[] = [], inverted: string[] = [];
  // One after another, as a large picture takes much memory until it is resized.
  const readFiles = async (path: string) => {
    try {
      for (const name of await expandFolder(path)) {
        try {
          const image = await readImage(name, model, source);
          images.push(image);
          if (!source.invert && looksInverted(model, image.bytes)) inverted.push(name);
        } catch (error) {
          faults.push(faultOf(error));
        }
      }
    } catch (error) {
      faults.push(faultOf(error));
    }
  };
  for (const name of names) {
    const [, split, index] = INDEX.exec(name) ?? [];
    if (split) images.push(imageAt(name, index!, await load(split as Split)));
    else await readFiles(name);
  }
  return { images, faults, inverted };
}

/** The message of an error in a file; others are thrown on. */
function faultOf(error: unknown): string {
  if (error instanceof TaskError || error instanceof DataError) return error.message;
  throw error;
}

/** Images as a data set; their labels, if known, are left out. */
export function toDataset(
  images: readonly NamedImage[],
  model: ModelSpec,
): Dataset {
  const { height, width, channels } = frameSize(model), { classes } = model;
  const size = height * width * channels;
  const all = new Uint8Array(images.length * size);
  images.forEach(({ bytes }, i) => all.set(bytes, i * size));
  const numbers = targetKind(LOSSES[model.loss]) !== "classes";
  const labels = numbers
    ? new Float32Array(images.length * classes)
    : new Int32Array(images.length);
  const sizes = { height, width, channels, classes };
  return { name: "images", images: all, labels, count: images.length, ...sizes };
}
