/**
 * Training, evaluating and predicting on pictures in class folders.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { evaluate } from "../../../../tasks/models/evaluate/command.ts";
import { predict } from "../../../../tasks/models/predict/command.ts";
import { readManifest } from "../../../../tasks/run/read_manifest.ts";
import { train } from "../../../../tasks/training/train_command.ts";
import { captured } from "../../captured.ts";
import { named, pictureFolder, withCache } from "./folders.ts";

Deno.test("train:cifar recognizes pictures in class folders, and its net is evaluated on them", async () => {
  await using folder = await pictureFolder(named(["light", "dark", "between"], 8));
  await using cache = await pictureFolder([]);
  using _ = withCache(cache.path);
  const out = `${cache.path}/run`;
  const line = `--data ${folder.path} --net fitnet1 --activation relu --device cpu --threads 1 ` +
    `--size 20 --crop 16 --epochs 1 --batch 4 --quiet --no-figures --out ${out}`;
  const trained = await captured(() => train("cifar", line.split(" ")));
  assertEquals(trained.code, 0, trained.err);
  const { settings, model, data } = (await readManifest(out))!;
  assertEquals([settings!.dataset, settings!.size, settings!.crop], ["pictures", 20, 16]);
  assertEquals([model!.input, model!.frame, model!.preprocessing], [
    "16x16x3",
    "20x20x3",
    "mean-image",
  ]);
  assertEquals([data!.train!.count, data!.test!.count], [18, 6]);
  const evaluated = await captured(() => evaluate([out, "--device", "cpu", "--threads", "1"]));
  assertStringIncludes(evaluated.out, "pictures test, 6 images");
  for (const name of ["between", "dark", "light"]) assertStringIncludes(evaluated.out, name);
  const picture = `${folder.path}/dark/3.png`;
  const predicted = await captured(() =>
    predict([out, picture, "test:1", "--device", "cpu", "--threads", "1"])
  );
  assert(predicted.out.split("\n").length > 6, predicted.out + predicted.err);
});
