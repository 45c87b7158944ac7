import { assert, assertEquals, assertRejects } from "@std/assert";
import { CATALOGUE } from "../../../src/data/catalogue/mod.ts";
import type { CifarSet, IdxSet } from "../../../src/data/catalogue/record.ts";
import { DataError } from "../../../src/data/mod.ts";
import { loadData } from "../../../tasks/datasets/load_data.ts";
import type { Archive, Download } from "../../../tasks/datasets/registry.ts";
import { folderOf, gzip, idx, joined, record, zip } from "../../data/fixtures.ts";
import { listener, packed, sumOf } from "./mirrors.ts";

type Files = Record<string, Uint8Array>;
type Downloaded = (IdxSet | CifarSet) & { readonly download: Download };

/** The labels of the small sets: of the first class and of the last. */
const labelsOf = ({ classNames }: Downloaded): number[] => [0, classNames.length - 1];

/** An IDX file of a set, gzipped, images or labels as its name says. */
async function idxFile(set: IdxSet & Downloaded, name: string): Promise<Uint8Array> {
  const labels = labelsOf(set).map((label) => label + (set.firstLabel ?? 0));
  const images = Array.from({ length: 2 * 784 }, (_, i) => i % 251);
  return await gzip(
    name.includes("labels") ? idx(0x801, [2], labels) : idx(0x803, [2, 28, 28], images),
  );
}

/** EMNIST's archive: what lies in it for one of the sets. */
async function zipped(set: IdxSet & Downloaded): Promise<Uint8Array> {
  const names = ["train", "test"].flatMap((split) => [
    `gzip/${set.name}-${split}-images-idx3-ubyte.gz`,
    `gzip/${set.name}-${split}-labels-idx1-ubyte.gz`,
  ]);
  return await zip(
    Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await idxFile(set, name)])),
    ),
    false,
  );
}

/** A file of CIFAR's records. */
const cifarFile = (set: CifarSet & Downloaded): Uint8Array =>
  joined(
    ...labelsOf(set).map((label, i) =>
      record(
        Array.from({ length: set.layout.labelBytes }, (_, at) =>
          at === set.layout.labelAt ? label : 0),
        i,
      )
    ),
  );

/** An archive of the same name as the official one, with a few images in it, and its bytes. */
async function small(
  set: Downloaded,
  archive: Archive,
): Promise<readonly [Archive, Uint8Array]> {
  const { file, mirrorPath, members } = archive;
  let bytes: Uint8Array, packing: Pick<Archive, "members"> = {};
  if (set.format === "cifar") {
    const files: Files = Object.fromEntries(members!.map(({ file }) => [file, cifarFile(set)]));
    bytes = await packed(set.download.folder, files);
    packing = { members: Object.entries(files).map(([file, bytes]) => sumOf(file, bytes)) };
  } else bytes = file.endsWith(".zip") ? await zipped(set) : await idxFile(set, file);
  const where = mirrorPath === undefined ? {} : { mirrorPath };
  return [{ ...sumOf(file, bytes), ...where, ...packing, urls: [] }, bytes];
}

/** A data set's download with small archives, and a mirror of them; the cache is there too. */
async function miniature(set: Downloaded) {
  const all = await Promise.all(set.download.archives.map((archive) => small(set, archive)));
  const folder = await folderOf(Object.fromEntries(
    all.map(([{ file, mirrorPath = file }, bytes]) => [`mirror/${mirrorPath}`, bytes]),
  ));
  const download: Download = { folder: set.download.folder, archives: all.map(([sum]) => sum) };
  const env = { GOODINIT_CACHE: `${folder.path}/cache`, GOODINIT_DATA: "" };
  const before = Object.keys({ ...env, GOODINIT_MIRRORS: "" }).map((name) =>
    [name, Deno.env.get(name)] as const
  );
  for (const [name, value] of Object.entries(env)) Deno.env.set(name, value);
  return {
    download,
    cache: env.GOODINIT_CACHE,
    mirror: new URL(`file://${folder.path}/mirror/`).href,
    [Symbol.asyncDispose]: async () => {
      for (const [name, value] of before) {
        if (value === undefined) Deno.env.delete(name);
        else Deno.env.set(name, value);
      }
      await folder[Symbol.asyncDispose]();
    },
  };
}

const DOWNLOADED = CATALOGUE.filter((record) =>
  "download" in record && record.download !== undefined
) as (typeof CATALOGUE[number] & Downloaded)[];

for (const set of DOWNLOADED) {
  Deno.test(`loadData() downloads ${set.title}, and finds it from then on`, async () => {
    await using at = await miniature(set);
    const { name: dataset, recipes: [task], title, shape, classNames } = set;
    const load = (mirrors: string) => {
      Deno.env.set("GOODINIT_MIRRORS", mirrors);
      const downloads = { [dataset]: at.download };
      return loadData({ task: task!, dataset, orProcedural: false }, {
        reporter: listener(),
        downloads,
      });
    };
    for (const [mirrors, kind] of [[at.mirror, "download"], ["none", "cache"]] as const) {
      const loaded = await load(mirrors), { train, test } = loaded.splits;
      assertEquals([loaded.dataset, loaded.origin], [dataset, { kind, path: at.cache }]);
      assertEquals([train.dataset.name, test.dataset.name], [`${title} train`, `${title} test`]);
      const { height, width, channels, classes, labels } = test.dataset;
      assertEquals({ height, width, channels }, shape);
      assertEquals(classes, classNames.length);
      assert(labels.length >= 2);
      assertEquals([...labels.slice(0, 2)], labelsOf(set));
    }
    assertEquals([...Deno.readDirSync(at.cache)].map(({ name }) => name).sort(), [
      set.download.folder,
      `${set.download.folder}.lock`,
    ]);
    const [first] = [...Deno.readDirSync(`${at.cache}/${set.download.folder}`)];
    await Deno.truncate(`${at.cache}/${set.download.folder}/${first!.name}`, 5);
    await assertRejects(() => load("none"), DataError, "Without a mirror, get ");
  });
}
