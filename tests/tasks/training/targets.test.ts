/**
 * Training on a table whose columns are numbers, or several labels at once.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { evaluate } from "../../../tasks/models/evaluate/command.ts";
import { predict } from "../../../tasks/models/predict/command.ts";
import { readManifest } from "../../../tasks/run/read_manifest.ts";
import { train } from "../../../tasks/training/train_command.ts";
import { loadClassNames } from "../../../src/train/mod.ts";
import { folderOf } from "../../data/fixtures.ts";
import { captured } from "../captured.ts";
import { COLOR, pngOf } from "../images/png.ts";

/** Pictures of one gray each, and a table of their brightness, and of whether they are bright or dark. */
async function pictures() {
  const grays = Array.from({ length: 20 }, (_, i) => i * 97 % 256);
  const files = await Promise.all(grays.map(async (gray, i) => [
    `${i}.png`,
    await pngOf({ width: 8, height: 8, color: COLOR.gray }, new Uint8Array(64).fill(gray)),
  ]));
  const rows = grays.map((gray, i) => `${i}.png,${gray / 255},${+(gray > 128)},${+(gray < 99)}`);
  const table = ["path,brightness,bright,dark", ...rows].join("\n");
  return folderOf({ ...Object.fromEntries(files), "table.csv": new TextEncoder().encode(table) });
}

const DEVICE = ["--device", "cpu", "--threads", "1"];

Deno.test("train, evaluate and predict take the columns of a table as numbers, or as labels", async () => {
  await using folder = await pictures();
  const table = `${folder.path}/table.csv`;
  const of = (out: string, ...more: string[]) => {
    const line =
      "--net fitnet1 --activation relu --shrink 8 --size 16 --epochs 1 --batch 8 --quiet --no-figures";
    return captured(() =>
      train("pictures", [
        ...line.split(" "),
        "--data",
        table,
        ...DEVICE,
        "--out",
        `${folder.path}/${out}`,
        ...more,
      ])
    );
  };
  const numbers = await of("numbers", "--target-columns", "brightness");
  assertEquals(numbers.code, 0, numbers.err);
  assertStringIncludes(numbers.out, "test mean absolute error ");
  const weights = await Deno.readFile(`${folder.path}/numbers/weights.safetensors`);
  assertEquals(loadClassNames(weights), ["brightness"]);
  assertEquals((await readManifest(`${folder.path}/numbers`))!.settings!.loss, "mse");
  const measured = await captured(() => evaluate([`${folder.path}/numbers`, ...DEVICE]));
  assertStringIncludes(measured.out, "root mean squared error");
  const labels = await of("labels", "--target-columns", "bright, dark", "--loss", "bce");
  assertEquals(labels.code, 0, labels.err);
  assertStringIncludes(labels.out, "test label accuracy ");
  const said = await captured(() =>
    predict([
      `${folder.path}/labels`,
      "test:0",
      `${folder.path}/3.png`,
      "--threshold",
      "0",
      ...DEVICE,
    ])
  );
  assertEquals(said.out.split("\n").filter((line) => /^ {2}(bright|dark) /.test(line)).length, 4);
  for (
    const [more, message] of [
      [
        ["--target-columns", "brightness", "--loss", "softmax"],
        "--loss: expected one of bce, mse, l1 for the numbers that are the labels of",
      ],
      [
        ["--label-column", "bright", "--loss", "mse"],
        "--loss: expected one of softmax, hinge, squaredHinge for the classes that are the labels of",
      ],
      [["--target-columns", "size"], "expected a column size"],
    ] as const
  ) {
    const wrong = await of("wrong", ...more);
    assertEquals(wrong.code > 0, true);
    assertStringIncludes(wrong.err, message);
  }
});
