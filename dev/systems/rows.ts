/**
 * The systems that the paper names, and where each is found here: the rows of docs/systems.md.
 *
 * @module
 */
import type { ModelName, OwnValues } from "../../src/models/registry.ts";
import type { ModelOptions } from "../../src/models/mod.ts";

/** Images of a data set: height, width, channels. */
export const CIFAR = [32, 32, 3], MNIST = [28, 28, 1], IMAGENET = [224, 224, 3];

/** A net of the library and its inputs. */
export interface SystemNet {
  readonly model: ModelName;
  readonly options?: ModelOptions & OwnValues;
  readonly input: readonly number[];
}

/** A system. */
export interface System extends SystemNet {
  /** As the paper calls it. */
  readonly name: string;
  /** Where the paper names it. */
  readonly where: string;
  /** What its authors or the paper say of its size; that of the golden file if left out. */
  readonly published?: string;
  /** The golden files of tests/golden/systems, or of tests/golden if `.json` is in the name. */
  readonly golden?: readonly string[];
  /** The test that checks it, below tests/. */
  readonly test: string;
  /** What trains it. */
  readonly command: string;
}

const CIFAR_TABLE = "deno task repro:table2 --block cifar10",
  MNIST_TABLE = "deno task repro:table2 --block mnist";
const SYSTEMS_TESTS = "models/systems/";
const relu = { activation: "relu" } as const;
const thousand = { ...relu, classes: 1000 } as const;

const onCifar = { where: "table 2, CIFAR", input: CIFAR, command: CIFAR_TABLE };
const onMnist = { where: "table 2, MNIST", input: MNIST, command: MNIST_TABLE };
const train = (net: string, task = "cifar") =>
  `deno task train:${task} --net ${net} --preset paper`;

/** All systems, in the order of the paper: its own, table 2, the text. */
export const SYSTEMS: readonly System[] = [
  {
    ...onCifar,
    name: "FitNet-4, LSUV and orthonormal",
    model: "fitnet4",
    published: "2.5M",
    golden: ["train_fitnet4.json"],
    test: "models/golden.test.ts",
  },
  {
    ...onCifar,
    where: "table 1",
    name: "FitNet-1",
    model: "fitnet1",
    published: "250K",
    golden: ["train.json"],
    test: "models/golden.test.ts",
    command: train("fitnet1"),
  },
  {
    ...onMnist,
    name: "FitNet-MNIST, also with SVM",
    model: "fitnetMnist",
    published: "30K",
    golden: ["train.json"],
    test: "models/golden.test.ts",
  },
  {
    ...onCifar,
    name: "FitNet-4, hints: the student's two stages",
    model: "fitnet4",
    published: "2.5M",
    golden: ["fitnet_hint", "fitnet_distillation"],
    test: `${SYSTEMS_TESTS}fitnet.test.ts`,
  },
  {
    ...onCifar,
    name: "the teacher of the FitNets",
    model: "fitnetTeacher",
    published: "about 9M",
    golden: ["maxout"],
    test: `${SYSTEMS_TESTS}maxout.test.ts`,
  },
  {
    ...onCifar,
    name: "FitNet-4 highway (Highway-19)",
    model: "highway19",
    golden: ["highway19"],
    test: `${SYSTEMS_TESTS}highway.test.ts`,
  },
  {
    ...onMnist,
    name: "HighWay-16",
    model: "highway10",
    options: { shrink: "2" },
    golden: ["highway10_16"],
    test: `${SYSTEMS_TESTS}highway.test.ts`,
  },
  {
    ...onMnist,
    name: "HighWay-32",
    model: "highway10",
    golden: ["highway10_32"],
    test: `${SYSTEMS_TESTS}highway.test.ts`,
  },
  {
    ...onMnist,
    where: "sections 1 and 2",
    name: "Highway MLP, 10 layers",
    model: "highwayMlp",
    golden: ["highway_mlp"],
    test: `${SYSTEMS_TESTS}highway_mlp.test.ts`,
    command: "deno task repro:highway",
  },
  {
    ...onMnist,
    where: "sections 1 and 2",
    name: "Highway MLP, 1,000 layers",
    model: "highwayMlp",
    options: { depth: 1000 },
    published: "5,100 a layer",
    golden: ["highway_mlp"],
    test: `${SYSTEMS_TESTS}highway_mlp.test.ts`,
    command: "deno task repro:highway",
  },
  {
    ...onCifar,
    name: "ALL-CNN (ALL-CNN-C)",
    model: "allCnn",
    golden: ["all_cnn_c", "all_cnn_base_c", "all_cnn_strided_c", "all_cnn_convpool_c"],
    test: `${SYSTEMS_TESTS}all_cnn.test.ts`,
  },
  {
    ...onCifar,
    where: "table 2's source",
    name: "ALL-CNN-A",
    model: "allCnn",
    options: { family: "A" },
    golden: ["all_cnn_a", "all_cnn_base_a"],
    test: `${SYSTEMS_TESTS}all_cnn.test.ts`,
    command: `${train("allCnn")} --family A`,
  },
  {
    ...onCifar,
    where: "table 2's source",
    name: "ALL-CNN-B",
    model: "allCnn",
    options: { family: "B" },
    golden: ["all_cnn_b", "all_cnn_base_b"],
    test: `${SYSTEMS_TESTS}all_cnn.test.ts`,
    command: `${train("allCnn")} --family B`,
  },
  {
    ...onCifar,
    name: "Large ALL-CNN",
    model: "largeAllCnn",
    golden: ["all_cnn_large"],
    test: `${SYSTEMS_TESTS}all_cnn.test.ts`,
  },
  {
    ...onCifar,
    name: "DSN",
    model: "dsn",
    golden: ["dsn", "dsn_svm"],
    test: `${SYSTEMS_TESTS}dsn.test.ts`,
    published: "1M without companions",
  },
  {
    ...onMnist,
    name: "DSN-Softmax, DSN-SVM",
    model: "dsnMnist",
    golden: ["dsn_mnist"],
    published: "350K without companions",
    test: `${SYSTEMS_TESTS}dsn.test.ts`,
  },
  {
    ...onCifar,
    name: "NiN",
    model: "nin",
    golden: ["nin"],
    test: `${SYSTEMS_TESTS}nin.test.ts`,
  },
  {
    ...onMnist,
    where: "DSN's trunk",
    name: "NiN on MNIST",
    model: "ninMnist",
    golden: ["nin_mnist"],
    test: `${SYSTEMS_TESTS}nin.test.ts`,
    command: train("ninMnist", "mnist"),
  },
  {
    ...onCifar,
    name: "maxout",
    model: "maxoutNet",
    golden: ["maxout"],
    test: `${SYSTEMS_TESTS}maxout.test.ts`,
  },
  {
    ...onMnist,
    name: "maxout",
    model: "maxoutNetMnist",
    golden: ["maxout_mnist"],
    test: `${SYSTEMS_TESTS}maxout.test.ts`,
  },
  {
    ...onCifar,
    name: "MIN",
    model: "minNet",
    golden: ["min"],
    test: `${SYSTEMS_TESTS}min.test.ts`,
  },
  {
    ...onMnist,
    name: "MIN",
    model: "minNetMnist",
    golden: ["min_mnist"],
    test: `${SYSTEMS_TESTS}min.test.ts`,
  },
  {
    ...onCifar,
    name: "Fractional MP, 1 and 12 tests",
    model: "fmpNet",
    test: "models/fmp_net.test.ts",
  },
  {
    where: "section 5.2, figure 2",
    input: [227, 227, 3],
    name: "CaffeNet",
    model: "caffenet",
    options: thousand,
    golden: ["caffenet"],
    test: `${SYSTEMS_TESTS}imagenet.test.ts`,
    command: "deno task train:cifar --net caffenet --stem small",
  },
  {
    where: "section 1",
    input: IMAGENET,
    name: "VGG-16",
    model: "vgg16",
    options: thousand,
    golden: ["vgg16"],
    test: `${SYSTEMS_TESTS}vgg.test.ts`,
    command: "deno task train:cifar --net vgg16",
  },
  {
    where: "section 1",
    input: IMAGENET,
    name: "VGG-19",
    model: "vgg19",
    options: thousand,
    golden: ["vgg19"],
    test: `${SYSTEMS_TESTS}vgg.test.ts`,
    command: "deno task train:cifar --net vgg19",
  },
  {
    where: "section 1, final text",
    input: IMAGENET,
    name: "GoogLeNet, two side losses",
    model: "googlenet",
    options: thousand,
    golden: ["googlenet"],
    test: `${SYSTEMS_TESTS}imagenet.test.ts`,
    command: "deno task train:cifar --net googlenet --stem small",
  },
  {
    where: "section 2, final text",
    input: IMAGENET,
    name: "GoogLeNet with batch norm",
    model: "googlenet",
    options: { ...thousand, batchnorm: "yes" },
    golden: ["googlenet_bn"],
    test: `${SYSTEMS_TESTS}imagenet.test.ts`,
    command: "deno task train:cifar --net googlenet --stem small --batchnorm yes",
  },
  {
    ...onCifar,
    where: "the blog",
    name: "VGG-like net with batch norm",
    model: "vggCifar",
    golden: ["vgg_like_bn"],
    test: `${SYSTEMS_TESTS}vgg_cifar.test.ts`,
    command: train("vggCifar"),
  },
  {
    ...onCifar,
    where: "the blog",
    name: "VGG-like net without",
    model: "vggCifar",
    options: { batchnorm: "no" },
    golden: ["vgg_like"],
    test: `${SYSTEMS_TESTS}vgg_cifar.test.ts`,
    command: `${train("vggCifar")} --batchnorm no`,
  },
  {
    ...onCifar,
    where: "section 1",
    name: "FitNet-1 with batch norm",
    model: "fitnet1",
    options: { batchnorm: "yes" },
    golden: ["fitnet1_bn"],
    test: `${SYSTEMS_TESTS}fitnet.test.ts`,
    command: "deno task repro:bn --on fitnet",
  },
  {
    ...onCifar,
    where: "section 1",
    name: "FitNet-4 with batch norm",
    model: "fitnet4",
    options: { batchnorm: "yes" },
    test: "models/fitnet_batchnorm.test.ts",
    command: "deno task repro:bn --on fitnet --paper",
  },
  {
    ...onCifar,
    where: "final text",
    name: "ResNet-20",
    model: "resnet20",
    golden: ["resnet20"],
    test: `${SYSTEMS_TESTS}resnet.test.ts`,
    command: train("resnet20"),
  },
  {
    ...onCifar,
    where: "final text",
    name: "ResNet-56",
    model: "resnet56",
    golden: ["resnet56"],
    test: `${SYSTEMS_TESTS}resnet.test.ts`,
    command: train("resnet56"),
  },
  {
    ...onCifar,
    where: "final text",
    name: "FitResNet-4",
    model: "fitResNet4",
    golden: ["fit_res_net4"],
    test: `${SYSTEMS_TESTS}resnet.test.ts`,
    command: train("fitResNet4"),
  },
  {
    ...onMnist,
    where: "the blog",
    name: "Torch's digit classifier",
    model: "torchMnist",
    options: relu,
    golden: ["torch_mnist"],
    test: `${SYSTEMS_TESTS}torch_mnist.test.ts`,
    command: "deno task repro:blog",
  },
];
