/**
 * The data sets that exist: what each is called, which files hold it, and how they are loaded.
 *
 * @module
 */
import { type Dataset, loadCifar10, loadCifar100, type Split } from "../../src/data/mod.ts";
import { loadIdx } from "../../src/data/mnist/load_idx.ts";
import { IDX_NAMES, IDX_SETS, type IdxName } from "../../src/data/mnist/idx_sets.ts";
import type { DatasetName } from "../training/train_options.ts";
import { DOWNLOADS, type Downloads } from "./archives.ts";

/** A data set that exists, by its name on the command line. */
export type RealName = Exclude<DatasetName, "procedural">;

/** A data set that was loaded, and which one it is. */
export interface Found {
  readonly name: RealName;
  readonly dataset: Dataset;
}

/** Which part is loaded, and whether the files may be those of another data set of the same form. */
export interface LoadRequest {
  readonly split: Split;
  readonly orKin: boolean;
}

/** A data set that exists. */
export interface Source {
  readonly title: string;
  /** Which files, and where they come from. */
  readonly files: string;
  load(folder: string, request: LoadRequest): Promise<Found>;
}

const BINARY = "the binary or the Python version from https://www.cs.toronto.edu/~kriz/cifar.html";

const cifar = (
  name: "cifar10" | "cifar100",
  title: string,
  files: string,
  load: (folder: string, request: LoadRequest) => Promise<Dataset>,
): Source => ({
  title,
  files: `${files}, ${BINARY}`,
  load: async (folder, request) => ({ name, dataset: await load(folder, request) }),
});

/** Where sets in IDX files come from. */
const HOMES: Readonly<Record<string, string>> = {
  mnist: "https://ossci-datasets.s3.amazonaws.com/mnist/",
  "fashion-mnist": "https://github.com/zalandoresearch/fashion-mnist",
  kmnist: "http://codh.rois.ac.jp/kmnist/",
  k49: "http://codh.rois.ac.jp/kmnist/",
  qmnist: "https://github.com/facebookresearch/qmnist",
  emnist: "https://www.nist.gov/itl/products-and-services/emnist-dataset",
};

/** What the names of a set's files begin and how its test split is called. */
function filesOf(name: IdxName | "idx"): string {
  if (name === "k49") {
    return "k49-train-imgs.npz, k49-train-labels.npz, k49-test-imgs.npz and k49-test-labels.npz, from " +
      HOMES.k49;
  }
  const emnist = name.startsWith("emnist-"), prefix = emnist || name === "qmnist" ? `${name}-` : "";
  const test = prefix ? "test" : "t10k", labels = name === "qmnist" ? "idx2-int" : "idx1-ubyte";
  const files = ["train", test].flatMap((split) => [
    `${prefix}${split}-images-idx3-ubyte`,
    `${prefix}${split}-labels-${labels}`,
  ]);
  const home = HOMES[emnist ? "emnist" : name];
  return `${files.slice(0, 3).join(", ")} and ${files[3]}, plain or gzipped` +
    (home ? `, from ${home}` : "");
}

const idx = (name: IdxName | "idx"): Source => ({
  title: name === "idx" ? "IDX files" : IDX_SETS[name].title,
  files: filesOf(name),
  async load(folder, { split, orKin }) {
    const { set, dataset } = await loadIdx(folder, { split, set: orKin ? undefined : name });
    return { name: set, dataset };
  },
});

const SOURCES: Readonly<Record<string, Source>> = {
  cifar10: cifar(
    "cifar10",
    "CIFAR-10",
    "data_batch_1.bin to data_batch_5.bin and test_batch.bin",
    loadCifar10,
  ),
  cifar100: cifar("cifar100", "CIFAR-100", "train.bin and test.bin", loadCifar100),
  ...Object.fromEntries([...IDX_NAMES, "idx" as const].map((name) => [name, idx(name)])),
};

/** A data set by its name. */
export const sourceOf = (name: RealName): Source => SOURCES[name]!;

/** Whether a data set is downloaded where it is not there. */
export const isDownload = (name: RealName): name is keyof Downloads => name in DOWNLOADS;
