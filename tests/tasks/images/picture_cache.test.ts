/**
 * The cache of decoded pictures: a damaged file is told in one line and written anew.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { LISTED_SPLITS, listPlace } from "../../../tasks/images/listing/mod.ts";
import { loadListing } from "../../../tasks/images/loading/load_listing.ts";
import { readCached, writeCached } from "../../../tasks/images/loading/picture_cache.ts";
import { folderOf } from "../../data/fixtures.ts";
import { named, pictureFolder, withCache } from "../datasets/pictures/folders.ts";

const SIZE = { height: 2, width: 1, channels: 3 }, IMAGE = 6, COUNT = 4;

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** A file of the cache with its right checksum: the length of the list, the list, and bytes of images. */
async function sealed(
  list: Uint8Array,
  images: number,
  length = list.length,
): Promise<Uint8Array<ArrayBuffer>> {
  const body = new Uint8Array(4 + list.length + images);
  new DataView(body.buffer).setUint32(0, length, true);
  body.set(list, 4);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return new Uint8Array([...body, ...digest]);
}

const LIST = "no list of pictures that are left out";

const FILES: readonly (readonly [what: string, list: unknown, images: number, damage: string])[] = [
  ["no list", {}, 24, LIST],
  ["null", null, 24, LIST],
  ["pairs that are none", [[1]], 18, LIST],
  ["a fault that is no text", [[1, 2]], 18, LIST],
  ["a picture that is no integer", [["1", "a"]], 18, LIST],
  ["a picture below the first", [[-1, "a"]], 18, LIST],
  ["a picture after the last", [[4, "a"]], 18, LIST],
  ["a picture twice", [[1, "a"], [1, "b"]], 18, LIST],
  ["pictures out of order", [[2, "a"], [1, "b"]], 12, LIST],
  ["an image too few", [], 18, "18 bytes for 4 images of 6 bytes"],
  ["an image of a picture that is left out", [[0, "a"]], 24, "24 bytes for 3 images of 6 bytes"],
];

Deno.test("readCached() refuses a file with the right checksum whose content is not valid", async () => {
  await using folder = await folderOf({});
  const path = `${folder.path}/a`, read = () => readCached(path, COUNT, SIZE);
  assertEquals(await read(), undefined);
  for (const [what, list, images, damage] of FILES) {
    await Deno.writeFile(path, await sealed(json(list), images));
    assertEquals(await read(), { damage }, what);
  }
  for (const length of [2 ** 32 - 1, 27, 1, 0]) {
    await Deno.writeFile(path, await sealed(json([]), 24, length));
    assertEquals(await read(), { damage: LIST }, `a list of ${length} bytes`);
  }
  await Deno.writeFile(path, await sealed(Uint8Array.of(0x5b, 0xff, 0x5d), 24));
  assertEquals(await read(), { damage: LIST });
  await Deno.writeFile(path, await sealed(json([[2, "b.png: cut off"]]), 3 * IMAGE));
  const faults = new Map([[2, "b.png: cut off"]]);
  assertEquals(await read(), { images: new Uint8Array(3 * IMAGE), faults });
});

Deno.test("readCached() refuses files that are damaged, too long, or no files", async () => {
  await using folder = await folderOf({});
  const path = `${folder.path}/a`, read = () => readCached(path, COUNT, SIZE);
  await writeCached(path, { images: new Uint8Array(COUNT * IMAGE).fill(9), faults: new Map() });
  const whole = await Deno.readFile(path);
  for (const at of [0, 4, 10, whole.length - 1]) {
    await Deno.writeFile(path, whole.with(at, 77));
    assertEquals(await read(), { damage: "another checksum" }, `byte ${at}`);
  }
  for (const length of [0, 35, whole.length - 1]) {
    await Deno.writeFile(path, whole.slice(0, length));
    assertEquals(await read(), { damage: "another checksum" }, `${length} bytes`);
  }
  await Deno.truncate(path, 2 ** 30);
  assertEquals(await read(), { damage: `${2 ** 30} bytes` });
  await Deno.remove(path);
  await Deno.mkdir(path);
  assertEquals(await read(), { damage: "something that is no file" });
});

Deno.test("pictures whose file in the cache is damaged are decoded again, after one line that says so", async () => {
  await using folder = await pictureFolder(named(["a", "b"], 4));
  await using cache = await pictureFolder([]);
  using _ = withCache(cache.path);
  const listing = await listPlace(folder.path, { held: { share: 0.5, seed: 1 } });
  const load = async () => {
    const lines: string[] = [], observer = { say: (line: string) => void lines.push(line) };
    const size = { height: 4, width: 4, channels: 3 };
    const options = { size, images: "memory", memory: 2 ** 20, strict: false, observer } as const;
    const { splits } = await loadListing("photos", listing, options);
    return { lines, images: LISTED_SPLITS.map((split) => splits[split]?.images) };
  };
  const expected = await load(), pictures = `${cache.path}/pictures`;
  assertEquals(expected.lines, []);
  assertEquals(await load(), expected);
  const files = [...Deno.readDirSync(pictures)].map(({ name }) => `${pictures}/${name}`);
  assert(files.length > 1);
  const bytes = Deno.readFileSync(files[0]!);
  Deno.writeFileSync(files[0]!, bytes.with(9, bytes[9]! ^ 1));
  const { lines, images } = await load();
  assertEquals(images, expected.images);
  assertEquals(lines.length, 1);
  assertMatch(
    lines[0]!.replace(files[0]!, "FILE"),
    /^FILE: expected images of \d pictures, found another checksum; they are decoded again$/,
  );
  assertEquals(await load(), expected);
});
