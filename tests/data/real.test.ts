import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { testBatches, trainBatches } from "../../src/data/loader/batches.ts";
import { classCounts, type Dataset, type Split } from "../../src/data/dataset.ts";
import { loadCifar10, loadCifar100 } from "../../src/data/cifar/load_cifar.ts";
import { loadMnist } from "../../src/data/mnist/load_mnist.ts";
import { prepareCifar } from "../../src/data/preprocess.ts";
import { folderWith } from "./folder.ts";

const mnist = folderWith("train-images-idx3-ubyte.gz") ?? folderWith("train-images-idx3-ubyte");
const cifar10 = folderWith("data_batch_1.bin");
const cifar100 = folderWith("train.bin");

const splits = (load: (split: Split) => Promise<Dataset>) =>
  Promise.all([load("train"), load("test")]);

Deno.test({
  name: "loadMnist() reads the official files",
  ignore: !mnist,
  fn: async () => {
    const [train, test] = await splits((split) => loadMnist(mnist!, { split }));
    assertEquals([train.count, test.count, train.height, train.width], [60_000, 10_000, 28, 28]);
    assertEquals(classCounts(train), [
      5923,
      6742,
      5958,
      6131,
      5842,
      5421,
      5918,
      6265,
      5851,
      5949,
    ]);
    assertEquals([...test.labels.subarray(0, 10)], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  },
});

Deno.test({
  name: "loadCifar10() and prepareCifar() give inputs of about unit variance on real data",
  ignore: !cifar10,
  fn: async () => {
    const [train, test] = await splits((split) => loadCifar10(cifar10!, { split }));
    assertEquals([...train.labels.subarray(0, 10)], [6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
    assertEquals([...test.labels.subarray(0, 10)], [3, 8, 8, 0, 6, 6, 1, 6, 3, 1]);
    const prepared = prepareCifar(train, test);
    for (
      const batches of [
        trainBatches(prepared.train, { batch: 500, key: [0, 0], epoch: 0 }),
        testBatches(prepared.test, { batch: 500 }),
      ]
    ) {
      const { images } = batches.next().value!;
      const mean = images.reduce((sum, x) => sum + x, 0) / images.length;
      const variance = images.reduce((sum, x) => sum + x * x, 0) / images.length - mean * mean;
      assertAlmostEquals(mean, 0, 0.01);
      assertAlmostEquals(variance, 0.95, 0.1);
    }
  },
});

Deno.test({
  name: "loadCifar100() reads real files, every coarse class holding whole fine classes",
  ignore: !cifar100,
  fn: async () => {
    const fine = await loadCifar100(cifar100!, { split: "train" });
    const coarse = await loadCifar100(cifar100!, { split: "train", labels: "coarse" });
    const owner = new Map<number, number>();
    fine.labels.forEach((label, i) => {
      assertEquals(owner.get(label) ?? coarse.labels[i], coarse.labels[i]);
      owner.set(label, coarse.labels[i]!);
    });
    assert(classCounts(coarse).every((count) => count > 0));
  },
});
