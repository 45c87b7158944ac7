/**
 * `deno task train` on a user's pictures, and what comes after it: evaluating, predicting, exporting, a
 * report; and a streamed run that is stopped and resumed.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exportNet } from "../../tasks/export/export_command.ts";
import { evaluate } from "../../tasks/models/evaluate/command.ts";
import { predict } from "../../tasks/models/predict/command.ts";
import { report } from "../../tasks/report/command.ts";
import { readManifest } from "../../tasks/run/read_manifest.ts";
import { train } from "../../tasks/training/train_command.ts";
import { folderOf } from "../data/fixtures.ts";
import { pause } from "../pause.ts";
import { captured } from "./captured.ts";
import { withCache } from "./datasets/pictures/folders.ts";
import { program } from "./experiments/process.ts";
import { flatJpeg } from "./images/jpeg.ts";
import { COLOR, pngOf } from "./images/png.ts";
import { checkpointSteps, outcomeOf } from "./runs.ts";

const CLASSES = ["bleu été", "rot", "猫"] as const;
const CPU = ["--device", "cpu", "--threads", "1"];
const SMALL = ["--crop", "16", "--shrink", "4", "--batch", "6", "--no-figures", "--quiet", ...CPU];

/** A picture of one color with a stripe. */
const colored = (color: readonly number[], i: number) =>
  pngOf(
    { width: 20 + i, height: 31 - i, color: COLOR.rgb },
    Array.from({ length: (20 + i) * (31 - i) }, (_, at) => at % 7 === i % 7 ? [90, 90, 90] : color)
      .flat(),
  );

/** Pictures in a folder for each class: PNGs of two colors, and gray JPEGs. */
async function photoFolder(count: number) {
  const files: [string, Uint8Array][] = [];
  for (let i = 0; i < count; i++) {
    files.push([`${CLASSES[0]}/${i}.png`, await colored([20, 30, 220], i)]);
    files.push([`${CLASSES[1]}/${i}.png`, await colored([230, 40, 10], i)]);
    files.push([`${CLASSES[2]}/no ${i}.jpg`, flatJpeg(24 + i, 30)]);
  }
  return await folderOf(Object.fromEntries(files));
}

Deno.test("deno task train takes a folder of pictures, and the trained net knows its classes by name", async () => {
  await using photos = await photoFolder(10), cache = await folderOf({});
  using _ = withCache(cache.path);
  const out = `${cache.path}/run`;
  const trained = await captured(() =>
    train("pictures", ["--data", photos.path, "--epochs", "4", "--out", out, ...SMALL])
  );
  assertEquals(trained.code, 0, trained.err);
  const { model, data } = (await readManifest(out))!;
  assertEquals([model!.net, model!.input, data!.train!.count, data!.test!.count], [
    "resnet20",
    "16x16x3",
    24,
    6,
  ]);
  const evaluated = await captured(() => evaluate([out, ...CPU]));
  assertStringIncludes(evaluated.out, "pictures test, 6 images");
  for (const name of CLASSES) assertStringIncludes(evaluated.out, name);
  const files = [`${CLASSES[0]}/1.png`, `${CLASSES[1]}/2.png`, `${CLASSES[2]}/no 3.jpg`];
  const predicted = await captured(() =>
    predict([out, ...files.map((file) => `${photos.path}/${file}`), ...CPU])
  );
  assertEquals(predicted.code, 0, predicted.err);
  for (const [i, text] of predicted.out.split("\n\n").entries()) {
    const [path, ...classes] = text.trimEnd().split("\n");
    assertEquals(path, `${photos.path}/${files[i]}`);
    assertStringIncludes(classes[0]!, CLASSES[i]!);
    assertEquals(classes.length, 3);
  }
});

Deno.test("the net of deno task train is exported with its classes' names, and has a report", async () => {
  await using photos = await photoFolder(4), cache = await folderOf({});
  using _ = withCache(cache.path);
  const out = `${cache.path}/run`, exported = `${cache.path}/exported`, net = `${exported}.onnx`;
  const line = ["--data", photos.path, "--epochs", "1", "--out", out, ...SMALL];
  assertEquals((await captured(() => train("pictures", line))).code, 0);
  for (const args of [[out, exported], [out, net, "--to", "onnx"]]) {
    const { code, err } = await captured(() => exportNet(args));
    assertEquals(code, 0, err);
  }
  for (const file of [`${exported}/model.py`, net]) {
    const text = await Deno.readTextFile(file);
    for (const name of CLASSES) assertStringIncludes(text, name, `${file} has no ${name}`);
  }
  const page = `${cache.path}/page.html`;
  assertEquals((await captured(() => report([out, "--out", page]))).code, 0);
  assertStringIncludes(await Deno.readTextFile(page), "resnet20");
});

Deno.test({
  name: "deno task train on streamed pictures, stopped and resumed, comes to the same, to the bit",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using photos = await photoFolder(10), at = await folderOf({});
    const [whole, cut] = [`${at.path}/whole`, `${at.path}/cut`];
    const line = ["--data", photos.path, "--epochs", "8", "--images", "stream", "--resized-crop"];
    const args = [...line, ...SMALL, "--checkpoint-every", "0"];
    const { code, err } = await captured(() => train("pictures", [...args, "--out", whole]));
    assertEquals(code, 0, err);
    await using child = program("tasks/train.ts", [...args, "--out", cut]).spawn();
    const said = Promise.all([child.stdout, child.stderr].map((each) => new Response(each).text()));
    while ((checkpointSteps(cut).at(-1) ?? 0) < 6) await pause(2);
    child.kill("SIGINT");
    assertEquals((await child.status).code, 130, (await said).join());
    const { status } = (await readManifest(cut))!, last = checkpointSteps(cut).at(-1)!;
    assertEquals(status, "stopped");
    assert(last >= 6 && last < 32, `stopped after ${last} steps`);
    const resumed = await captured(() => train("pictures", ["--resume", cut, "--no-figures"]));
    assertEquals(resumed.code, 0, resumed.err);
    assertEquals(await outcomeOf(cut), await outcomeOf(whole));
  },
});

Deno.test("deno task train takes fewer pictures than its usual batch, which LSUV's batch follows", async () => {
  await using photos = await photoFolder(3), cache = await folderOf({});
  using _ = withCache(cache.path);
  const out = `${cache.path}/run`, small = ["--crop", "16", "--shrink", "4", "--epochs", "1"];
  const line = ["--data", photos.path, "--out", out, "--no-figures", "--quiet", ...small, ...CPU];
  const { code, err } = await captured(() => train("pictures", line));
  assertEquals([code, err], [0, ""]);
  const { settings } = (await readManifest(out))!;
  assertEquals([settings!.batch, settings!.lsuvBatch], [6, 6]);
});

Deno.test("deno task train says in one line what is wrong with a folder", async () => {
  const png = await colored([9, 9, 9], 0);
  await using empty = await folderOf({}), one = await folderOf({ "cat/1.png": png });
  await using few = await folderOf({ "cat/1.png": png, "dog/1.png": png, "dog/2.png": png });
  const expected = [
    ["nowhere", "nowhere: expected a folder of pictures, or a table (CSV) of them, found nothing"],
    [empty.path, `${empty.path}: expected at least two class folders with pictures, found none`],
    [one.path, `${one.path}: expected at least two class folders with pictures, found only cat`],
    [few.path, `${few.path}/cat: expected at least two pictures, one to train on and one to test`],
  ] as const;
  for (const [folder, message] of expected) {
    const { code, out, err } = await captured(() =>
      train("pictures", ["--data", folder, "--out", `${empty.path}/run`])
    );
    assertEquals([code, out, err.trimEnd().split("\n").length], [1, "", 1], err);
    assertStringIncludes(err, message);
  }
  assertEquals([...Deno.readDirSync(empty.path)], []);
});
