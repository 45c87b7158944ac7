import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parse } from "@std/csv";
import { decodeSafetensors } from "../../../src/train/mod.ts";
import type { Download } from "../../../tasks/datasets/registry.ts";
import { folderOf, gzip, idx, joined, record } from "../../data/fixtures.ts";
import { ANSWERS, mirrorOf, nobody, packed, sumOf } from "../datasets/mirrors.ts";

const SMALL =
  "--net fitnetMnist --activation relu --device reference --batch 4 --epochs 1 --subset 8 " +
  "--test-subset 3 --no-figures";

/** Small archives in the form of the official ones, and their files by name. */
async function archives() {
  const images = (count: number) =>
    gzip(idx(0x803, [count, 28, 28], new Array(784 * count).fill(9)));
  const labels = (count: number) => gzip(idx(0x801, [count], new Array(count).fill(1)));
  const mnist = {
    "train-images-idx3-ubyte.gz": await images(8),
    "train-labels-idx1-ubyte.gz": await labels(8),
    "t10k-images-idx3-ubyte.gz": await images(3),
    "t10k-labels-idx1-ubyte.gz": await labels(3),
  };
  const cifar = {
    "train.bin": joined(...[1, 2, 3, 4, 5, 6, 7, 8].map((label) => record([0, label], label))),
    "test.bin": joined(...[1, 2, 3].map((label) => record([0, label], label))),
  };
  const tar = await packed("cifar-100-binary", cifar), name = "cifar-100-binary.tar.gz";
  const sums = (files: Record<string, Uint8Array>) =>
    Object.entries(files).map(([file, bytes]) => sumOf(file, bytes));
  const downloads: Record<string, Download> = {
    mnist: { folder: "mnist", archives: sums(mnist).map((sum) => ({ ...sum, urls: [] })) },
    cifar100: {
      folder: "cifar-100-binary",
      archives: [{ ...sumOf(name, tar), urls: [], members: sums(cifar) }],
    },
  };
  downloads.cifar10 = { ...downloads.cifar100!, folder: "cifar-10-batches-bin" };
  return { files: { ...mnist, [name]: tar }, downloads };
}

const { files, downloads } = await archives();

/** A task run in an empty folder, its cache in there too. */
async function room() {
  const folder = await folderOf({});
  const run = async (mirrors: string, line: string, env: Record<string, string> = {}) => {
    const [task, ...args] = line.split(" ").filter(Boolean), out = `${folder.path}/run`;
    await Deno.remove(out, { recursive: true }).catch(() => {});
    const script = new URL("./train_process.ts", import.meta.url).pathname;
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", script, task!, JSON.stringify(downloads)]
        .concat([...args, "--out", out]),
      env: {
        GOODINIT_DATA: "",
        GOODINIT_CACHE: `${folder.path}/cache`,
        GOODINIT_MIRRORS: mirrors,
        NO_COLOR: "1",
        ...env,
      },
    }).output();
    const [said, warned] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, said, warned };
  };
  return {
    run,
    cache: `${folder.path}/cache`,
    manifest: async () => JSON.parse(await Deno.readTextFile(`${folder.path}/run/manifest.json`)),
    csv: async (name: string) =>
      parse(await Deno.readTextFile(`${folder.path}/run/${name}`), { skipFirstRow: true }),
    weights: async () =>
      decodeSafetensors(await Deno.readFile(`${folder.path}/run/weights.safetensors`)),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  };
}

Deno.test("train:mnist downloads its data on first use, and finds it from then on", async () => {
  await using at = await room();
  await using mirror = mirrorOf(files, ANSWERS.right);
  const first = await at.run(mirror.url, `mnist ${SMALL}`);
  assertEquals([first.code, first.warned], [0, ""]);
  assertStringIncludes(first.said!, `downloading ${mirror.url}train-images-idx3-ubyte.gz`);
  const { data, settings } = await at.manifest();
  assertEquals(data.origin, { kind: "download", path: at.cache });
  assertEquals([data.train.name, settings.dataset], ["MNIST train", "mnist"]);
  const second = await at.run("none", `mnist ${SMALL}`);
  assertEquals([second.code, second.warned], [0, ""]);
  assertEquals((await at.manifest()).data.origin, { kind: "cache", path: at.cache });
});

Deno.test("train:cifar --dataset cifar100 unpacks what it downloads", async () => {
  await using at = await room();
  await using mirror = mirrorOf(files, ANSWERS.right);
  const { code, warned } = await at.run(mirror.url, `cifar ${SMALL} --dataset cifar100`);
  assertEquals([code, warned], [0, ""]);
  assertEquals((await at.manifest()).data.train.name, "CIFAR-100 train");
});

Deno.test("train:cifar without a network trains on procedural images, and says so everywhere", async () => {
  await using at = await room();
  const { code, said, warned } = await at.run(nobody(), `cifar ${SMALL} --quiet`);
  assertEquals(code, 0);
  const lines = warned!.trimEnd().split("\n");
  assertEquals(lines.length, 3);
  assertMatch(
    lines[0]!,
    /^WARNING: this run is NOT on CIFAR-10 but on built-in procedural images of ten shapes, because CIFAR-10 is not on this disk: no network to download \S+: no answer from 127\.0\.0\.1:\d+\. Its accuracy says nothing about CIFAR-10\.$/,
  );
  assertMatch(
    lines[1]!,
    /^WARNING: this run was NOT on CIFAR-10 but on built-in procedural images/,
  );
  assertMatch(lines[2]!, /GOODINIT_MIRRORS.*--data DIR.*--dataset cifar10.*docs\/data\.md/);
  assertMatch(said!, /^procedural images \| test accuracy/);
  const { data, settings } = await at.manifest();
  assertEquals([data.origin.kind, data.origin.instead.of], ["procedural", "cifar10"]);
  assertStringIncludes(data.origin.instead.because, "no network to download ");
  assertEquals([data.train.name, data.train.count], ["procedural shapes train", 8]);
  assertEquals(settings.dataset, "procedural");
  for (const name of ["epochs.csv", "lsuv.csv"]) {
    const rows = await at.csv(name);
    assert(rows.length > 0 && rows.every((row) => row.data === "procedural"), name);
  }
  assertEquals((await at.weights()).metadata.dataset, "procedural");
});

Deno.test("train:mnist without a network trains on gray images of 28 × 28", async () => {
  await using at = await room();
  const { code, warned } = await at.run("none", `mnist ${SMALL}`);
  assertEquals(code, 0);
  assertMatch(warned!, /^WARNING: this run is NOT on MNIST but .*\(no mirror to ask\)/);
  assertEquals((await at.manifest()).data.train.name, "procedural grey shapes train");
  assertEquals((await at.weights()).tensors.get("0.w")?.shape, [3, 3, 1, 16]);
});

Deno.test("--dataset makes the absence of real data an error", async () => {
  await using at = await room();
  for (const [line, title] of [["cifar", "cifar10"], ["cifar", "cifar100"], ["mnist", "mnist"]]) {
    const { code, said, warned } = await at.run("none", `${line} ${SMALL} --dataset ${title}`);
    assertEquals([code, said, warned!.trimEnd().split("\n").length], [1, "", 1]);
    assertMatch(
      warned!,
      /expected a mirror that has it, found none \(no mirror to ask\)\. Without/,
    );
  }
});

Deno.test("--dataset procedural prints no warning, and tries no mirror", async () => {
  await using at = await room();
  const { code, said, warned } = await at.run("nonsense", `cifar ${SMALL} --dataset procedural`);
  assertEquals([code, warned], [0, ""]);
  assertStringIncludes(said!, "data: built-in procedural images of ten shapes, drawn from seed 0");
  const { data } = await at.manifest();
  assertEquals(data.origin, { kind: "procedural", seed: 0 });
  const folder = await at.run("none", `cifar ${SMALL} --dataset procedural --data ${at.cache}`);
  assertEquals(folder.code, 2);
  assertStringIncludes(folder.warned!, "--data: expected none beside --dataset procedural, found ");
});

Deno.test("a given folder takes precedence over the cache, and is an error where it is not valid", async () => {
  await using at = await room();
  await using mirror = mirrorOf(files, ANSWERS.right);
  await using empty = await folderOf({});
  const env = { GOODINIT_DATA: empty.path };
  const { code, warned } = await at.run(mirror.url, `mnist ${SMALL}`, env);
  assertEquals([code, mirror.requests], [1, []]);
  assertStringIncludes(warned!, `; ${empty.path} is empty. --data or GOODINIT_DATA must name`);
});
