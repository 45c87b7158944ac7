/**
 * The archives of the data sets: what they are called, what is in them, and who serves them.
 *
 * @module
 */

/** A file, and what it must be. */
export interface Sum {
  readonly file: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** A file that mirrors serve. */
export interface Archive extends Sum {
  /** Where it is, full addresses, those to be tried first in front. */
  readonly urls: readonly string[];
  /** The files to unpack from a `.tar.gz`, where they lie in a folder; absent where it stays packed. */
  readonly members?: readonly Sum[];
}

/** A data set as archives. */
export interface Download {
  /** The folder that its files lie in: in the cache, and in a `.tar.gz`. */
  readonly folder: string;
  readonly archives: readonly Archive[];
}

/** The data sets that can be downloaded, by their names on the command line. */
export type Downloads = Readonly<Record<"mnist" | "cifar10" | "cifar100", Download>>;

/** The files of a data set as they lie in its folder. */
export const filesOf = ({ archives }: Download): readonly Sum[] =>
  archives.flatMap((archive) => archive.members ?? [archive]);

const TORONTO = ["https://www.cs.toronto.edu/~kriz/", "https://cave.cs.toronto.edu/kriz/"];
const TENSORFLOW = "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/";
const MNIST = [
  "https://ossci-datasets.s3.amazonaws.com/mnist/",
  "https://storage.googleapis.com/cvdf-datasets/mnist/",
];

const under = (mirrors: readonly string[], file: string) => mirrors.map((mirror) => mirror + file);

const mnist = (file: string, bytes: number, sha256: string): Archive => ({
  file,
  bytes,
  sha256,
  urls: under(MNIST, file),
});

const cifar10 = (file: string, sha256: string): Sum => ({ file, bytes: 30_730_000, sha256 });

/** The official archives. */
export const DOWNLOADS: Downloads = {
  mnist: {
    folder: "mnist",
    archives: [
      mnist(
        "train-images-idx3-ubyte.gz",
        9_912_422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
      ),
      mnist(
        "train-labels-idx1-ubyte.gz",
        28_881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
      ),
      mnist(
        "t10k-images-idx3-ubyte.gz",
        1_648_877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
      ),
      mnist(
        "t10k-labels-idx1-ubyte.gz",
        4_542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
      ),
    ],
  },
  cifar10: {
    folder: "cifar-10-batches-bin",
    archives: [{
      file: "cifar-10-binary.tar.gz",
      bytes: 170_052_171,
      sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
      urls: under([...TORONTO, TENSORFLOW], "cifar-10-binary.tar.gz"),
      members: [
        cifar10(
          "data_batch_1.bin",
          "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
        ),
        cifar10(
          "data_batch_2.bin",
          "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
        ),
        cifar10(
          "data_batch_3.bin",
          "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
        ),
        cifar10(
          "data_batch_4.bin",
          "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
        ),
        cifar10(
          "data_batch_5.bin",
          "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
        ),
        cifar10(
          "test_batch.bin",
          "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
        ),
      ],
    }],
  },
  cifar100: {
    folder: "cifar-100-binary",
    archives: [{
      file: "cifar-100-binary.tar.gz",
      bytes: 168_513_733,
      sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
      urls: under(TORONTO, "cifar-100-binary.tar.gz"),
      members: [
        {
          file: "train.bin",
          bytes: 153_700_000,
          sha256: "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29",
        },
        {
          file: "test.bin",
          bytes: 30_740_000,
          sha256: "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a",
        },
      ],
    }],
  },
};
