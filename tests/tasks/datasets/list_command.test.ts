import { assertEquals, assertStringIncludes } from "@std/assert";
import configuration from "../../../deno.json" with { type: "json" };
import published from "../../../deno.jsr.json" with { type: "json" };
import { datasets } from "../../../tasks/datasets/list_command.ts";
import { DATASET_NAMES, DOWNLOADS, unpackedFiles } from "../../../tasks/datasets/registry.ts";
import { folderOf } from "../../data/fixtures.ts";
import { captured } from "../captured.ts";

/** What the task says with variables of the environment. */
async function listed(variables: Readonly<Record<string, string | undefined>>) {
  const before = Object.keys(variables).map((name) => [name, Deno.env.get(name)] as const);
  const set = (name: string, value: string | undefined) =>
    value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  for (const [name, value] of Object.entries(variables)) set(name, value);
  try {
    return await captured(() => datasets([]));
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}

const cellsOf = (out: string) => out.split("\n").map((line) => line.split(/ {2,}/));

Deno.test("datasets lists the catalogue: classes, images, and what would be downloaded", async () => {
  await using cache = await folderOf({});
  const { code, out, err } = await listed({
    GOODINIT_CACHE: cache.path,
    GOODINIT_DATA: undefined,
  });
  assertEquals([code, err], [0, ""]);
  const [heads, ...rows] = cellsOf(out);
  assertEquals(heads, ["name", "data set", "where", "classes", "image", "training", "test"]);
  assertEquals(rows.map(([name]) => name), [...DATASET_NAMES]);
  const row = (name: string) => rows.find(([other]) => other === name);
  const cifar = ["cifar100", "CIFAR-100", "168.5 MB to download", "100", "32×32×3"];
  assertEquals(row("cifar100"), [...cifar, "50,000", "10,000"]);
  assertEquals(row("k49")!.slice(2, 4), ["not downloaded: name its folder by --data", "49"]);
  assertEquals(row("idx"), ["idx", "IDX files", "in a folder that --data names", "28×28×1"]);
  const drawn = ["procedural", "procedural images", "drawn by a program", "10"];
  assertEquals(row("procedural"), drawn);
});

Deno.test("datasets prints the path of a data set that is complete in the cache", async () => {
  await using cache = await folderOf({});
  const download = DOWNLOADS.mnist!, folder = `${cache.path}/${download.folder}`;
  await Deno.mkdir(folder);
  const files = unpackedFiles(download);
  for (const { file, bytes } of files) {
    await Deno.writeFile(`${folder}/${file}`, new Uint8Array(0));
    await Deno.truncate(`${folder}/${file}`, bytes);
  }
  const place = async () => {
    const { out } = await listed({ GOODINIT_CACHE: cache.path, GOODINIT_DATA: undefined });
    return cellsOf(out).find(([name]) => name === "mnist")![2];
  };
  assertEquals(await place(), folder);
  await Deno.truncate(`${folder}/${files[0]!.file}`, 7);
  assertEquals(await place(), "11.6 MB to download");
});

Deno.test("datasets says what GOODINIT_DATA names", async () => {
  await using cache = await folderOf({});
  const { out } = await listed({ GOODINIT_CACHE: cache.path, GOODINIT_DATA: "mine" });
  assertEquals(out.split("\n").at(-1), "GOODINIT_DATA names mine, which training tasks use first");
});

Deno.test("datasets says in one line what is wrong, and prints help", async () => {
  const { code, out, err } = await captured(() => datasets(["mnist"]));
  assertEquals([code, out, err.split("\n").length], [2, "", 1]);
  const help = await captured(() => datasets(["--help"]));
  assertEquals(help.code, 0);
  assertStringIncludes(help.out, "USAGE\n  deno task datasets\n\nOPTIONS\n  --help, -h\n");
});

Deno.test("datasets is a task of the project and of the published package", () => {
  const task = "deno run -P=datasets --no-prompt --quiet tasks/datasets.ts";
  const commands = [configuration, published].map(({ tasks }) => tasks.datasets.command);
  assertEquals(commands, [task, task]);
});
