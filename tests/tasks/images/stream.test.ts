/**
 * Images made by worker threads, in order.
 */
import { assert, assertEquals } from "@std/assert";
import { keyData } from "../../../src/threefry.ts";
import { makeImage } from "../../../tasks/images/make_image.ts";
import { loadSharp } from "../../../tasks/images/sharp.ts";
import { allocateImageRing, ImageRing } from "../../../tasks/images/stream/image_ring.ts";
import { openPictureReader } from "../../../tasks/images/stream/picture_reader.ts";
import { pathAt, sharePaths } from "../../../tasks/images/stream/shared_paths.ts";
import { folderOf } from "../../data/fixtures.ts";
import golden from "../../golden/transforms.json" with { type: "json" };

Deno.test("shared paths are those that were shared", () => {
  const paths = ["/a/b.png", "", "größe/日本.jpg", "c d"], shared = sharePaths(paths);
  assertEquals(paths.map((_, i) => pathAt(shared, i)), paths);
});

Deno.test("a ring hands out requests in order, and images in theirs", () => {
  const size = { slots: 4, bytes: 8 }, memory = allocateImageRing(size);
  const taker = new ImageRing(memory, size), maker = new ImageRing(memory, size);
  const key = keyData(5);
  taker.request({ n: 0, index: 7 });
  taker.request({ n: 1, index: 9, key });
  const first = maker.claim(false), second = maker.claim(true);
  assertEquals([first, second], [{ n: 0, index: 7, key: undefined }, { n: 1, index: 9, key }]);
  assertEquals(taker.take(0, 0), undefined);
  maker.publish(1, "broken");
  maker.publish(0, Uint8Array.of(1, 2, 3));
  assertEquals([taker.take(0, 0), taker.take(1, 0)], [Uint8Array.of(1, 2, 3), "broken"]);
  assertEquals(maker.claim(false), undefined);
  taker.request({ n: 2, index: 1 });
  assertEquals(maker.claim(false)?.n, 2);
  taker.close();
  assertEquals(maker.claim(true), undefined);
});

/** Pictures of many kinds in a folder, one of them broken and one missing. */
async function pictures() {
  const files = golden.files.map(({ file }, i) =>
    [`${i}.png`, Uint8Array.fromBase64(file)] as const
  );
  const folder = await folderOf({ ...Object.fromEntries(files), "broken.jpg": new Uint8Array(9) });
  const paths = [
    ...files.map(([name]) => `${folder.path}/${name}`),
    `${folder.path}/broken.jpg`,
    `${folder.path}/gone.png`,
  ];
  return { folder, files, paths };
}

const size = { height: 20, width: 20, channels: 3 }, part = { height: 9, width: 11 };

Deno.test("a reader's images have the same bits with any number of workers", async () => {
  const { folder, files, paths } = await pictures(), sharp = await loadSharp();
  await using _ = folder;
  const requests = Array.from({ length: 60 }, (_, i) => ({
    index: i * 5 % files.length,
    key: i % 3 === 0 ? keyData(i) : undefined,
  })).filter(({ index }) => sharp || /JPEG|PNG/.test(golden.files[index]!.name));
  const expected = await Promise.all(
    requests.map(({ index, key }) =>
      makeImage("", files[index]![1], { size: key ? { ...part, channels: 3 } : size, key }, sharp)
    ),
  );
  for (const workers of [1, 2, 3]) {
    using reader = openPictureReader({ paths: sharePaths(paths), size, workers }, part);
    reader.request(requests.slice(0, 7));
    reader.request(requests.slice(7));
    requests.forEach((request, i) => {
      assertEquals(
        reader.next()?.slice(),
        expected[i],
        `${JSON.stringify(request)}: ${reader.fault}`,
      );
    });
  }
});

Deno.test("a reader says why an image is missing, and goes on", async () => {
  const { folder, files, paths } = await pictures();
  await using _ = folder;
  using reader = openPictureReader({ paths: sharePaths(paths), size, workers: 2 }, part);
  reader.request([files.length, 0, files.length + 1].map((index) => ({ index })));
  assertEquals(reader.next(), undefined);
  assertEquals(
    reader.fault,
    `${
      paths.at(-2)
    }: expected a PNG, JPEG, WebP, GIF, AVIF or TIFF image, found another kind of file`,
  );
  assertEquals(reader.next()?.length, 1200);
  assertEquals(reader.fault, undefined);
  assertEquals(reader.next(), undefined);
  assertEquals(reader.fault, `${paths.at(-1)}: expected an image file, found nothing there`);
});

Deno.test("a reader makes more images than its ring holds", async () => {
  const { folder, paths } = await pictures();
  await using _ = folder;
  const small = { height: 2, width: 2, channels: 1 };
  using reader = openPictureReader({ paths: sharePaths(paths), size: small, workers: 2 }, part);
  reader.request(Array.from({ length: 1500 }, (_, i) => ({ index: i % 2 })));
  const [first, second] = [reader.next()!.slice(), reader.next()!.slice()];
  for (let i = 2; i < 1500; i++) {
    const image = reader.next()!;
    assert(image.every((byte, at) => byte === (i % 2 ? second : first)[at]));
  }
});
