import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { prepareCifar } from "../../../src/data/mod.ts";
import { evaluate } from "../../../tasks/models/evaluate/command.ts";
import { prepareFor, withMean } from "../../../tasks/models/inputs.ts";
import { probabilities } from "../../../tasks/models/logits.ts";
import { predict } from "../../../tasks/models/predict/command.ts";
import { folderOf, joined, pictures, record } from "../../data/fixtures.ts";
import { digit, mnistWith, weightsOf } from "../nets.ts";
import { COLOR, exifOf, pngOf } from "../images/png.ts";
import { captured } from "../captured.ts";
import type { Tuple } from "../../../src/tuple.ts";
import type { ModelSpec } from "../../../tasks/models/model.ts";
import { parseModel } from "../../../tasks/models/parse_model.ts";

const DEVICE = ["--device", "cpu", "--threads", "1"];
const WEIGHTS = weightsOf({ net: "fitnetMnist", activation: "relu" });
const LABELS = [0, 1, 2, 3, 4];

const png = (bytes: Uint8Array, color: 0 | 2 = COLOR.gray) =>
  pngOf({ width: 28, height: 28, color }, bytes);

/** The pages that predict prints: the title of each, and its classes with their shares. */
const pages = (out: string) =>
  out.split("\n\n").map((page) => {
    const [title, ...rows] = page.split("\n");
    return { title, rows: rows.map((row) => row.trim().split(/ {2,}/)) };
  });

Deno.test(
  "predict classifies a PNG as evaluate does the same image",
  async () => {
    await using data = await mnistWith(LABELS, {
      "w.safetensors": WEIGHTS,
      ...Object.fromEntries(
        await Promise.all(LABELS.map(async (i) => [`${i}.png`, await png(digit(i))])),
      ),
    });
    const weights = `${data.path}/w.safetensors`, out = `${data.path}/report`;
    const from = ["--data", data.path, ...DEVICE];
    await captured(() => evaluate([weights, "--out", out, ...from]));
    const { confusion } = JSON.parse(await Deno.readTextFile(`${out}/evaluation.json`));
    const files = LABELS.map((i) => `${data.path}/${i}.png`),
      indices = LABELS.map((i) => `test:${i}`);
    const { code, out: said, err } = await captured(() =>
      predict([weights, ...files, ...indices, ...from])
    );
    assertEquals([code, err], [0, ""]);
    const all = pages(said), names = new Set<string>();
    assertEquals(all.map(({ title }) => title), [
      ...files,
      ...indices.map((at, i) => `${at} (${i})`),
    ]);
    for (const i of LABELS) {
      const [file, index] = [all[i], all[5 + i]];
      assertEquals(file!.rows, index!.rows);
      assertEquals(file!.rows.length, 5);
      assertEquals(confusion[i][Number(file!.rows[0]![0])], 1);
      const shares = file!.rows.map(([, share]) => parseFloat(share!));
      assert(shares.every((share, k) => k === 0 || share <= shares[k - 1]!));
      names.add(file!.rows[0]!.join());
    }
    assert(names.size > 1, "all images look alike to the net");
  },
);

Deno.test(
  "predict makes colors gray, inverts, and shows as many classes as asked",
  async () => {
    const image = digit(0),
      colors = Uint8Array.from({ length: 3 * 784 }, (_, i) => image[Math.floor(i / 3)]!);
    await using data = await folderOf({
      "w.safetensors": WEIGHTS,
      "gray.png": await png(image),
      "color.png": await png(colors, COLOR.rgb),
      "negative.png": await png(image.map((value) => 255 - value)),
    });
    const look = async (...args: string[]) => {
      const { code, out, err } = await captured(() =>
        predict([`${data.path}/w.safetensors`, ...args, ...DEVICE])
      );
      assertEquals([code, err], [0, ""]);
      return pages(out).map(({ rows }) => rows);
    };
    const at = (name: string) => `${data.path}/${name}.png`;
    const [gray, color] = await look(at("gray"), at("color"), "--top", "10") as Tuple<
      string[][],
      2
    >;
    assertEquals(gray.length, 10);
    assertEquals(gray, color);
    const sum = gray.reduce((total, [, share]) => total + parseFloat(share!), 0);
    assertAlmostEquals(sum, 100, 0.06);
    assertEquals(await look(at("negative"), "--invert", "--top", "10"), [gray]);
    assert((await look(at("negative"), "--top", "10")).join() !== gray.join());
  },
);

const cifarFolder = () =>
  folderOf({
    ...Object.fromEntries(
      [1, 2, 3, 4, 5].map((part) => [
        `data_batch_${part}.bin`,
        joined(record([part], 2 * part), record([0], 2 * part + 1)),
      ]),
    ),
    "test_batch.bin": record([9], 40),
    "w.safetensors": weightsOf({ net: "fitnet1", activation: "relu" }),
  });

Deno.test("withMean() computes a mean image that is not saved from the training images", async () => {
  await using data = await cifarFolder();
  const model = parseModel({ net: "fitnet1", subset: "4" }), all = parseModel({ net: "fitnet1" });
  const [{ mean: ofFour }, { mean: ofAll }] = await Promise.all(
    [model, all].map((each) => withMean(each, { data: data.path })),
  ) as Tuple<ModelSpec, 2>;
  assertEquals([ofFour!.length, ofAll!.length], [3072, 3072]);
  assert(ofFour!.some((value, i) => value !== ofAll![i]));
  const saved = { ...model, mean: ofFour };
  assertEquals(await withMean(saved, { data: "/nowhere" }), saved);
  const gray = parseModel({ net: "fitnetMnist" });
  assertEquals(await withMean(gray, {}), gray);
});

Deno.test("prepareFor() does what training does to CIFAR's test images", () => {
  const train = pictures({ count: 6 }), test = pictures({ count: 3, width: 32 });
  const expected = prepareCifar(train, test).test;
  const model = { ...parseModel({ net: "fitnet1" }), mean: expected.mean };
  assertEquals(prepareFor(model, test), expected);
});

Deno.test("predict names CIFAR's classes, and computes the mean image where it is not saved", async () => {
  await using data = await cifarFolder();
  const { code, out, err } = await captured(() =>
    predict([`${data.path}/w.safetensors`, "test:0", "--data", data.path, ...DEVICE])
  );
  assertEquals([code, err], [0, ""]);
  const { title, rows } = pages(out)[0]!;
  assertEquals(title, "test:0 (truck)");
  assert(rows.every(([name]) => /^[a-z]+$/.test(name!)), out);
});

Deno.test("predict says in one line what is wrong", async () => {
  await using data = await mnistWith([3, 0], {
    "w.safetensors": WEIGHTS,
    "note.txt": Uint8Array.of(65),
  });
  const line = async (...args: string[]) => {
    const { code, out, err } = await captured(() => predict(args));
    assertEquals([out, err.split("\n").length], ["", 1], err);
    return `${code} ${err.replaceAll(data.path, "…")}`;
  };
  const weights = `${data.path}/w.safetensors`, from = ["--data", data.path];
  assertEquals(
    await line(weights),
    "2 predict: expected RUN_OR_WEIGHTS IMAGE..., found " + "…/w.safetensors; see --help",
  );
  assertEquals(
    await line(weights, "test:2", ...from),
    "2 predict: test:2: expected an image from 0 to 1 of MNIST test, found 2",
  );
  assertEquals(
    await line(weights, "train:", ...from),
    "2 predict: train:: expected an image from 0 to 1 of MNIST train, found nothing",
  );
  // Which formats are read depends on whether the decoder of others is installed.
  assertMatch(
    await line(weights, `${data.path}/note.txt`),
    /^1 predict: …\/note.txt: expected a PNG(, | or )JPEG.* image, found another kind of file$/,
  );
});

Deno.test("predict prints help", async () => {
  const { code, out } = await captured(() => predict(["--help"]));
  assertEquals(code, 0);
  assertStringIncludes(
    out,
    "USAGE\n  deno task predict RUN_OR_WEIGHTS IMAGE... [--OPTION VALUE]...",
  );
});

Deno.test("probabilities() add up to 1, however large the logits", () => {
  const shares = probabilities([1000, 1001, 999]);
  assertAlmostEquals(shares.reduce((a, b) => a + b), 1, 1e-12);
  assertAlmostEquals(shares[1]! / shares[0]!, Math.E, 1e-9);
});

Deno.test("predict classifies a rotated picture as the upright one", async () => {
  const image = digit(3), at = (x: number, y: number) => image[28 * y + x]!;
  // Orientation 6: the upright picture is the stored one, turned to the right.
  const lying = Uint8Array.from({ length: 784 }, (_, i) => at(27 - Math.floor(i / 28), i % 28));
  const header = { width: 28, height: 28, color: COLOR.gray };
  await using data = await folderOf({
    "w.safetensors": WEIGHTS,
    "upright.png": await png(image),
    "lying.png": await pngOf({ ...header, exif: exifOf(6) }, lying),
    "unturned.png": await pngOf(header, lying),
  });
  const files = ["upright", "lying", "unturned"].map((name) => `${data.path}/${name}.png`);
  const { code, out, err } = await captured(() =>
    predict([`${data.path}/w.safetensors`, ...files, ...DEVICE, "--top", "10"])
  );
  assertEquals([code, err], [0, ""]);
  const [upright, turned, unturned] = pages(out).map(({ rows }) => rows);
  assertEquals(turned, upright);
  assert(unturned!.join() !== upright!.join());
});

Deno.test("predict names a file that is no PNG or JPEG, and one that is empty", async () => {
  await using data = await folderOf({
    "w.safetensors": WEIGHTS,
    "a.jpg": new TextEncoder().encode("%PDF-1.7"),
    "b.png": new Uint8Array(),
  });
  for (const [name, found] of [["a.jpg", "a PDF document"], ["b.png", "an empty file"]]) {
    const { code, err } = await captured(() =>
      predict([`${data.path}/w.safetensors`, `${data.path}/${name}`, ...DEVICE])
    );
    assertEquals(code, 1);
    assertMatch(err, /: expected a PNG(, | or )JPEG.* image, found /);
    assertStringIncludes(err, `${data.path}/${name}: expected`);
    assertStringIncludes(err, `, found ${found}`);
  }
});

/** A black digit on white, or the same inverted: a bar on a ground. */
const bar = (ground: number) =>
  Uint8Array.from(
    { length: 784 },
    (_, i) => i % 28 > 11 && i % 28 < 16 && i > 140 && i < 644 ? 255 - ground : ground,
  );

Deno.test("predict takes the pictures of folders, and leaves out what is no picture", async () => {
  await using data = await folderOf({
    "w.safetensors": WEIGHTS,
    "all/10.png": await png(digit(0)),
    "all/9.png": await png(digit(1)),
    "all/more/a b.PNG": await png(digit(2)),
    "all/.hidden.png": await png(digit(3)),
    "all/notes.txt": new TextEncoder().encode("notes"),
    "empty/notes.txt": new TextEncoder().encode("notes"),
  });
  const at = (name: string) => `${data.path}/${name}`;
  for (const folder of [at("all"), `${at("all")}/`]) {
    const { code, out, err } = await captured(() =>
      predict([at("w.safetensors"), folder, ...DEVICE])
    );
    assertEquals([code, err], [0, ""]);
    assertEquals(
      pages(out).map(({ title }) => title),
      ["10.png", "9.png", "more/a b.PNG"].map((name) => at(`all/${name}`)),
    );
  }
  const empty = await captured(() => predict([at("w.safetensors"), at("empty"), ...DEVICE]));
  assertEquals(empty, {
    code: 1,
    out: "",
    err: `predict: ${at("empty")}: expected pictures in the folder, found none`,
  });
});

Deno.test("one bad file among twenty does not cost the others", async () => {
  const good = Object.fromEntries(
    await Promise.all(
      Array.from({ length: 19 }, async (_, i) => [`${i}.png`, await png(digit(i))] as const),
    ),
  );
  await using data = await folderOf({
    "w.safetensors": WEIGHTS,
    ...good,
    "bad.png": new TextEncoder().encode("no picture"),
    "cut.png": good["3.png"]!.slice(0, 60),
  });
  const at = (name: string) => `${data.path}/${name}`;
  const files = [...Object.keys(good).slice(0, 7), "bad.png", ...Object.keys(good).slice(7)].map(
    at,
  );
  const one = await captured(() => predict([at("w.safetensors"), ...files, ...DEVICE]));
  assertEquals([one.code, pages(one.out).length], [1, 19]);
  assertEquals(one.err.split("\n").length, 1);
  assertStringIncludes(one.err, `predict: ${at("bad.png")}: expected`);
  const several = await captured(() =>
    predict([
      at("w.safetensors"),
      at("none.png"),
      at("cut.png"),
      at("bad.png"),
      at("1.png"),
      ...DEVICE,
    ])
  );
  assertEquals([several.code, pages(several.out).length], [1, 1]);
  assertEquals(
    several.err.split("\n").map((line) => line.split(": ")[1]),
    ["none.png", "cut.png", "bad.png"].map(at),
  );
});

Deno.test("predict suggests --invert for a digit in black on white", async () => {
  await using data = await folderOf({
    "w.safetensors": WEIGHTS,
    "black.png": await png(bar(255)),
    "white.png": await png(bar(0)),
  });
  const at = (name: string) => `${data.path}/${name}`;
  const of = async (...args: string[]) =>
    (await captured(() => predict([at("w.safetensors"), ...args, ...DEVICE]))).err;
  assertEquals(
    await of(at("black.png"), at("white.png")),
    `predict: ${
      at("black.png")
    }: black on white, it seems, but the net was trained on white on black; try --invert`,
  );
  assertEquals(await of(at("white.png")), "");
  assertEquals(await of(at("black.png"), "--invert"), "");
});
