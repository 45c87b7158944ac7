/**
 * Finding and preparing the data set of a training task.
 *
 * @module
 */
import {
  DataError,
  type Dataset,
  loadCifar10,
  loadCifar100,
  loadMnist,
  prepareCifar,
  type PreparedSplits,
  prepareMnist,
  type Split,
  subset,
} from "../src/data/mod.ts";
import { OptionError } from "./options.ts";

interface Source {
  load(folder: string, options: { split: Split }): Promise<Dataset>;
  prepare(train: Dataset, test: Dataset): PreparedSplits;
  /** Which files, and where they come from. */
  readonly files: string;
}

const CIFAR = "from https://www.cs.toronto.edu/~kriz/cifar.html";

const SOURCES = {
  cifar10: {
    load: loadCifar10,
    prepare: prepareCifar,
    files: `data_batch_1.bin to data_batch_5.bin and test_batch.bin, the binary version ${CIFAR}`,
  },
  cifar100: {
    load: loadCifar100,
    prepare: prepareCifar,
    files: `train.bin and test.bin, the binary version ${CIFAR}`,
  },
  mnist: {
    load: loadMnist,
    prepare: prepareMnist,
    files: "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and " +
      "t10k-labels-idx1-ubyte, plain or gzipped, from https://ossci-datasets.s3.amazonaws.com/mnist/",
  },
} as const satisfies Record<string, Source>;

/** What to load. */
export interface DataRequest {
  readonly dataset: keyof typeof SOURCES;
  /** The folder. */
  readonly data?: string;
  /** Use so many training images only. */
  readonly subset?: number;
  /** Use so many test images only. */
  readonly testSubset?: number;
}

function cut(name: string, dataset: Dataset, count: number | undefined): Dataset {
  if (count === undefined) return dataset;
  if (count <= dataset.count) return subset(dataset, count);
  throw new OptionError(
    `--${name}: expected at most ${dataset.count} images, which ${dataset.name} has, found ${count}`,
  );
}

/**
 * Loads and prepares a data set. Throws an {@linkcode OptionError} where no folder is given, and a
 * DataError where files are missing or damaged; both say what is needed and where to get it.
 */
export async function loadData(request: DataRequest): Promise<PreparedSplits> {
  const { load, prepare, files }: Source = SOURCES[request.dataset];
  const folder = request.data ?? Deno.env.get("GOODINIT_DATA");
  if (!folder) {
    throw new OptionError(
      `--data: expected a folder, here or in GOODINIT_DATA, found none. It must hold ${files}`,
    );
  }
  try {
    const [train, test] = await Promise.all([
      load(folder, { split: "train" }),
      load(folder, { split: "test" }),
    ]);
    return prepare(
      cut("subset", train, request.subset),
      cut("test-subset", test, request.testSubset),
    );
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(`${error.message}. --data must be a folder with ${files}`, {
      cause: error,
    });
  }
}
