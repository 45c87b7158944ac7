/**
 * Images with flat regions, as in practice: digits on black, skies, frames of zeros.
 *
 * @module
 */
import { type Dataset, loadCifar10, loadMnist } from "../src/data/mod.ts";
import { type Tensor, tensor } from "../src/tensor.ts";

/** A batch of images. */
export interface Images {
  readonly name: string;
  /** [batch, height, width, channels] */
  readonly pixels: Tensor;
  readonly labels: Tensor;
}

/** Loads a data set from a folder or one of its subfolders. */
async function findDataset(
  folder: string | undefined,
  load: (folder: string) => Promise<Dataset>,
): Promise<Dataset | undefined> {
  if (!folder) return undefined;
  const below = [...Deno.readDirSync(folder)].filter((entry) => entry.isDirectory);
  for (const each of [folder, ...below.map(({ name }) => `${folder}/${name}`)]) {
    try {
      return await load(each);
    } catch {
      // It may be in another one.
    }
  }
}

/** The first images of a data set, with a function applied to each pixel. */
function firstImages(
  name: string,
  { images, labels, height, width, channels }: Dataset,
  count: number,
  change: (value: number, y: number, x: number) => number,
): Images {
  const pixels = Float32Array.from({ length: count * height * width * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return change(images[i]!, Math.floor(pixel / width) % height, pixel % width);
  });
  return {
    name,
    pixels: tensor(pixels, [count, height, width, channels]),
    labels: tensor(Int32Array.from(labels.subarray(0, count))),
  };
}

/** Batches of images with flat regions; data sets that the folder does not hold are left out. */
export async function flatImages(folder: string | undefined, count: number): Promise<Images[]> {
  const mnist = await findDataset(folder, (f) => loadMnist(f, { split: "train" }));
  const cifar = await findDataset(folder, (f) => loadCifar10(f, { split: "test" }));
  const out: Images[] = [];
  if (mnist) out.push(firstImages("MNIST", mnist, count, (v) => 0.004 * v));
  if (cifar) {
    const scaled = (v: number) => (v - 120) / 64;
    const framed = (v: number, y: number, x: number) =>
      Math.min(y, x, 31 - y, 31 - x) < 5 ? 0 : scaled(v);
    out.push(
      firstImages("CIFAR-10", cifar, count, scaled),
      firstImages("CIFAR-10 in a frame of zeros", cifar, count, framed),
      firstImages("CIFAR-10 under a white sky", cifar, count, (v, y) => scaled(y < 14 ? 255 : v)),
    );
  }
  return out;
}
