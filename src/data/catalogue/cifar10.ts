/**
 * CIFAR-10: small photographs of ten classes (Krizhevsky, 2009).
 *
 * @module
 */
import { cifarSet, TORONTO } from "./cifar_set.ts";

const batch = (file: string, sha256: string) => ({ file, bytes: 30_730_000, sha256 });

const ARCHIVE = "cifar-10-binary.tar.gz";
const TENSORFLOW = "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/";

/** The record of CIFAR-10. */
export const CIFAR10 = cifarSet({
  name: "cifar10",
  title: "CIFAR-10",
  classNames: [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
  ],
  counts: { train: 50_000, test: 10_000 },
  inPaper: true,
  filesInWords: "data_batch_1.bin to data_batch_5.bin and test_batch.bin",
  files: {
    train: [1, 2, 3, 4, 5].map((part) => `data_batch_${part}.bin`),
    test: ["test_batch.bin"],
  },
  layout: { labelBytes: 1, labelAt: 0, classes: 10 },
  download: {
    folder: "cifar-10-batches-bin",
    archives: [{
      file: ARCHIVE,
      bytes: 170_052_171,
      sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
      urls: [...TORONTO, TENSORFLOW].map((mirror) => mirror + ARCHIVE),
      members: [
        batch(
          "data_batch_1.bin",
          "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
        ),
        batch(
          "data_batch_2.bin",
          "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
        ),
        batch(
          "data_batch_3.bin",
          "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
        ),
        batch(
          "data_batch_4.bin",
          "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
        ),
        batch(
          "data_batch_5.bin",
          "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
        ),
        batch(
          "test_batch.bin",
          "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
        ),
      ],
    }],
  },
});
