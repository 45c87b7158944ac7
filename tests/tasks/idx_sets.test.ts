import { assertEquals, assertStringIncludes } from "@std/assert";
import { decodeSafetensors } from "../../src/train/mod.ts";
import { evaluate } from "../../tasks/models/evaluate/command.ts";
import { predict } from "../../tasks/models/predict/command.ts";
import { report } from "../../tasks/report/command.ts";
import { train } from "../../tasks/training/train_command.ts";
import { folderOf, gzip, idx } from "../data/fixtures.ts";
import { COLOR, pngOf } from "./images/png.ts";
import { digit } from "./nets.ts";
import { captured } from "./captured.ts";

const SMALL =
  "--net fitnetMnist --activation relu --device cpu --threads 1 --batch 4 --epochs 1 --quiet";
const DEVICE = ["--device", "cpu", "--threads", "1"];

/** Four files of a set in a folder, gzipped, of images of 28 × 28. */
async function four(folder: string, prefix: string, test: string, labels: readonly number[]) {
  const count = labels.length, images = labels.flatMap((_, i) => [...digit(i)]);
  const [pixels, classes] = await Promise.all([
    gzip(idx(0x803, [count, 28, 28], images)),
    gzip(idx(0x801, [count], labels)),
  ]);
  return Object.fromEntries(
    ["train", test].flatMap((split) => [
      [`${folder}/${prefix}${split}-images-idx3-ubyte.gz`, pixels],
      [`${folder}/${prefix}${split}-labels-idx1-ubyte.gz`, classes],
    ]),
  );
}

const KIN = [
  {
    files: await four("EMNIST/raw", "emnist-letters-", "test", [1, 26, 3, 4, 5, 6]),
    dataset: "emnist-letters",
    name: "EMNIST letters",
    classes: 26,
    second: "z",
  },
  {
    files: await four("FashionMNIST/raw", "", "t10k", [0, 9, 2, 3, 4, 5]),
    dataset: "fashion-mnist",
    name: "Fashion-MNIST",
    classes: 10,
    second: "Ankle boot",
  },
  {
    files: await four("KMNIST/raw", "", "t10k", [0, 9, 2, 3, 4, 5]),
    dataset: "kmnist",
    name: "KMNIST",
    classes: 10,
    second: "wo",
  },
  {
    files: await four("EMNIST/raw", "emnist-balanced-", "test", [0, 46, 2, 3, 4, 5]),
    dataset: "emnist-balanced",
    name: "EMNIST balanced",
    classes: 47,
    second: "t",
  },
  {
    files: await four("EMNIST/raw", "emnist-byclass-", "test", [0, 61, 2, 3, 4, 5]),
    dataset: "emnist-byclass",
    name: "EMNIST by class",
    classes: 62,
    second: "z",
  },
  {
    files: {
      ...await four("mine", "", "t10k", [0, 2, 1, 0]),
      "mine/classes.txt": new TextEncoder().encode("circle\nsquare\ntriangle\n"),
    },
    dataset: "idx",
    name: "IDX",
    classes: 3,
    second: "triangle",
  },
];

for (const { files, dataset, name, classes, second } of KIN) {
  Deno.test(`train:mnist, evaluate, predict and report know ${name} by its files`, async () => {
    const header = { width: 28, height: 28, color: COLOR.gray };
    await using folder = await folderOf({ ...files, "picture.png": await pngOf(header, digit(1)) });
    const out = `${folder.path}/runs/a`, data = ["--data", folder.path];
    const trained = await captured(() =>
      train("mnist", [...SMALL.split(" "), ...data, "--no-figures", "--out", out])
    );
    assertEquals([trained.code, trained.err], [0, ""]);
    const manifest = JSON.parse(await Deno.readTextFile(`${out}/manifest.json`));
    assertEquals(manifest.settings.dataset, dataset);
    assertEquals([manifest.data.train.name, manifest.data.test.name], [
      `${name} train`,
      `${name} test`,
    ]);
    assertEquals(manifest.model.classes, String(classes));
    const { tensors, metadata } = decodeSafetensors(
      await Deno.readFile(`${out}/weights.safetensors`),
    );
    assertEquals([...tensors].at(-1)![1].shape, [classes]);
    assertEquals([metadata.dataset, JSON.parse(metadata.classNames!)[classes - 1]], [
      dataset,
      second,
    ]);

    const evaluated = await captured(() =>
      evaluate([out, ...data, ...DEVICE, "--out", `${folder.path}/e`])
    );
    assertEquals([evaluated.code, evaluated.err], [0, ""]);
    assertStringIncludes(evaluated.out, `${name} test, `);
    const rows = (await Deno.readTextFile(`${folder.path}/e/classes.csv`)).trim().split(/\r?\n/);
    assertEquals([rows.length, rows.at(-1)!.split(",")[0]], [1 + classes, second]);

    const known = await captured(() =>
      predict([out, "test:1", ...data, ...DEVICE, "--top", "100"])
    );
    const [title, ...shares] = known.out.split("\n");
    assertEquals([known.code, title, shares.length], [0, `test:1 (${second})`, classes]);
    const picture = await captured(() =>
      predict([out, `${folder.path}/picture.png`, ...DEVICE, "--top", "100"])
    );
    assertEquals(picture.code, 0, picture.err);
    const named = (text: string) =>
      text.split("\n").slice(1).map((row) => row.trim().split(/ {2,}/)[0]).sort();
    assertEquals(named(picture.out), named(known.out));
    assertEquals(named(picture.out).includes(second), true);

    const written = await captured(() => report([`${folder.path}/runs`]));
    assertEquals(written.code, 0, written.err);
    assertStringIncludes(
      await Deno.readTextFile(`${folder.path}/runs/report.html`),
      `Trained on ${name} train, which the paper does not have.`,
    );
  });
}

Deno.test("train:mnist and evaluate ask which of several data sets is meant, and refuse another", async () => {
  const [{ files, dataset }, fashion] = [KIN[0]!, KIN[1]!];
  await using folder = await folderOf({ ...files, ...fashion.files });
  const at = (name: string) => `${folder.path}/${name}`;
  const line = (...more: string[]) =>
    captured(() => train("mnist", [...SMALL.split(" "), "--no-figures", ...more]));
  const chosen = await line("--data", folder.path, "--dataset", dataset, "--out", at("run"));
  assertEquals(chosen.code, 0, chosen.err);
  const both = await line("--data", folder.path, "--out", at("other"));
  assertEquals(both.code, 1);
  assertStringIncludes(
    both.err,
    "expected one data set, found EMNIST letters, Fashion-MNIST; name one",
  );
  const wrong = await line(
    "--data",
    at("FashionMNIST"),
    "--dataset",
    "mnist",
    "--out",
    at("other"),
  );
  assertEquals(wrong.code, 1);
  assertStringIncludes(
    wrong.err,
    "expected MNIST, found Fashion-MNIST, by the name of its files or folder",
  );
  const evaluated = await captured(() =>
    evaluate([at("run"), "--data", folder.path, "--dataset", "fashion-mnist", ...DEVICE])
  );
  assertEquals(evaluated.code, 1);
  assertStringIncludes(evaluated.err, "expected images of 28x28x1 in 26 classes");
});

Deno.test("train:mnist says where to get a data set that is not downloaded", async () => {
  const before = Deno.env.get("GOODINIT_DATA");
  Deno.env.delete("GOODINIT_DATA");
  try {
    const { code, err } = await captured(() =>
      train("mnist", [...SMALL.split(" "), "--dataset", "k49"])
    );
    assertEquals(code, 1);
    assertStringIncludes(
      err,
      "to name the folder of Kuzushiji-49, which is not downloaded, found neither",
    );
    assertStringIncludes(err, "from http://codh.rois.ac.jp/kmnist/");
  } finally {
    if (before !== undefined) Deno.env.set("GOODINIT_DATA", before);
  }
});
