/**
 * Faults of loaders and augmentation.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";

const BATCHES = "tests/data/loader/batches.test.ts", AUGMENT = "tests/data/loader/augment.test.ts";

/** Faults of how batches are made. */
export const LOADER: readonly Fault[] = [
  ...faultsIn("src/data/loader/augment.ts", [AUGMENT, BATCHES], [
    ["DRAWS * position", "DRAWS * (position >> 4)", "images of a batch share their random numbers"],
    ["DRAWS * position", "DRAWS", "all images of an epoch share their random numbers"],
    ["const DRAWS = 3;", "const DRAWS = 2;", "an image's mirror is the next one's row"],
    ["counter + 2) % 2", "counter) % 2", "the mirror is drawn from the crop's number"],
    ["counter + 1, columns", "counter, columns", "a crop's column is drawn from its row's number"],
    [
      "const epochKey = foldKeyData(key, epoch)",
      "const epochKey = key",
      "every epoch augments alike",
    ],
    [
      "2 * padding - seen.height + 1",
      "2 * padding - seen.height",
      "the lowest window is never drawn",
    ],
    ["left: -padding }", "left: 0 }", "windows never reach the left padding"],
    [
      "foldKeyData(foldKeyData(key, epoch), position)",
      "foldKeyData(key, position)",
      "random parts are the same in every epoch",
    ],
    [
      "Math.floor((dataset.width - width) / 2)",
      "Math.floor((dataset.height - width) / 2)",
      "the central window takes the height for the width",
    ],
  ]),
  ...faultsIn("src/data/loader/sampler.ts", [AUGMENT, BATCHES], [
    [
      "drawCrop(range, cropKey, epoch, first + slot)",
      "drawCrop(range, cropKey, epoch, slot)",
      "every batch of an epoch has the same crops",
    ],
    [
      "drawCrop(range, cropKey, epoch, first + slot)",
      "drawCrop(range, cropKey, epoch, first)",
      "the images of a batch have the same crop",
    ],
    [
      "splitKeyData(key, AUGMENTATION)",
      "splitKeyData(key, ORDER)",
      "order and augmentation share a key",
    ],
    [
      "foldKeyData(splitKeyData(key, ORDER), epoch)",
      "splitKeyData(key, ORDER)",
      "every epoch has the same order",
    ],
    [
      "Math.ceil(count / batch)",
      "Math.floor(count / batch)",
      "the last, partial test batch is left out",
    ],
    [
      "Math.floor(source.dataset.count / batch)",
      "Math.ceil(source.dataset.count / batch)",
      "an incomplete training batch is counted",
    ],
    [
      "Math.min(batch, count - first)",
      "Math.min(batch, count - first - 1) || 1",
      "the last test image is left out",
    ],
    [
      "augment && augmentation ? cropRange",
      "augmentation ? cropRange",
      "images are augmented although that was not asked for",
    ],
  ]),
  ...faultsIn("src/data/loader/collate.ts", [BATCHES], [
    [
      "Math.min(height, frame.height - top)",
      "Math.min(height, frame.height - top - 1)",
      "the lowest row of a window is left out",
    ],
    ["Math.max(0, -top)", "Math.max(0, 1 - top)", "the highest row of a window is left out"],
    [
      "mirrored ? width - run - (first - left) : first - left",
      "first - left",
      "a mirrored image is padded on the wrong side",
    ],
    [
      "images[start + k]! * by - less - mean[from + k]!",
      "images[start + k]! * by - less - mean[k]!",
      "a window subtracts the mean of the image's corner",
    ],
    [
      "images[start + k]! * by - less - mean[from + k]!",
      "images[start + k]! * by - mean[from + k]!",
      "an image's own mean is not subtracted",
    ],
    [
      "images: images.fill(0), labels: buffers.labels.fill(0)",
      "images, labels: buffers.labels",
      "a reused buffer keeps the padding of an earlier batch",
      {
        tests: ["tests/data/loader/loader.test.ts"],
      },
    ],
    [
      "right = from + (pixels - 1) * channels",
      "right = from + (pixels - 2) * channels",
      "a mirrored row leaves its last pixel",
    ],
  ]),
  ...faultsIn("src/data/loader/training_sampler.ts", [
    "tests/data/loader/training_sampler.test.ts",
    "tests/data/loader/loader.test.ts",
  ], [
    [
      "const inEpoch = (from + index) % perEpoch",
      "const inEpoch = index % perEpoch",
      "a resumed run begins its epoch anew",
    ],
    [
      "epochs * (train + test) - from",
      "epochs * (train + test)",
      "a resumed run counts the batches that are done",
    ],
    [
      "if (epoch !== sampledEpoch)",
      "if (sampledEpoch < 0)",
      "the order of the first epoch is kept",
    ],
  ]),
  ...faultsIn("src/data/loader/share.ts", ["tests/data/loader/share.test.ts"], [
    ["crop(first + slot)", "crop(slot)", "every process takes the crops of the first"],
    [
      "Math.floor(examples * (rank + 1) / size) - first",
      "Math.floor(examples / size)",
      "uneven shares leave examples out",
    ],
  ]),
  ...faultsIn("src/data/loader/ring_buffer.ts", ["tests/data/loader/ring_buffer.test.ts"], [
    ["if (n - using < SLOTS)", "if (n - using <= SLOTS)", "a batch in use is overwritten"],
    [
      "Atomics.compareExchange(this.#words, WORD.next, n, n + 1) === n",
      "true",
      "a batch is made twice",
    ],
    [
      "images.subarray(0, header[HEADER.elements])",
      "images",
      "a small batch shows what is behind it",
    ],
    [
      "if (n >= length) return undefined;",
      "if (n > length) return undefined;",
      "a batch past the end is made",
    ],
  ]),
  ...faultsIn("src/data/loader/prefetch.ts", [
    "tests/data/loader/prefetch.test.ts",
    "tests/data/loader/loader.test.ts",
  ], [
    [
      "floats: options.train.dataset.labels instanceof Float32Array",
      "floats: false",
      "numbers to predict are rounded in a worker",
    ],
    ["offset: shared(offset)", "offset: shared(scale)", "a worker subtracts the scale"],
  ]),
];
