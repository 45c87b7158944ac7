import { assert, assertEquals, assertMatch } from "@std/assert";
import { TaskError } from "../../tasks/cli/task_error.ts";
import { makeImage } from "../../tasks/images/make_image.ts";
import { decodePicture } from "../../tasks/images/picture.ts";
import { loadSharp } from "../../tasks/images/sharp.ts";
import { printedBy } from "../subprocess.ts";
import { joined, pngChunk, pngFile, pngHeader } from "./bombs.ts";
import type { Refusal } from "./refuse.ts";

/** The most MiB that the memory may grow, and the most seconds, while a bomb is refused. */
const MEMORY = 48, SECONDS = 5;

Deno.test("bombs are refused at once, in little memory and one line", async () => {
  const lines = await printedBy(["--v8-flags=--expose-gc", "tests/bombs/refuse.ts"]);
  const refusals = lines.map((line): Refusal => JSON.parse(line));
  assert(refusals.length > 20);
  for (const { name, error = "nothing", milliseconds, grown } of refusals) {
    assertMatch(error, /^(DataError|TaskError): [^\n]{1,400}$/, name);
    assert(grown < MEMORY, `${name}: ${grown} MiB`);
    assert(milliseconds < 1000 * SECONDS, `${name}: ${milliseconds} ms`);
  }
});

/** Bytes by zlib. */
async function zlib(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

const END = pngChunk("IEND", new Uint8Array()), HEADER = pngHeader(2, 2);
const rows = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10, 11, 12);
const pixels = await zlib(rows), palette = pngHeader(2, 2, { color: 3 });
const indices = pngChunk("IDAT", await zlib(Uint8Array.of(0, 0, 1, 0, 2, 1)));
const IDAT = pngChunk("IDAT", pixels);

/** PNGs that are no picture, or not a whole one. */
const DAMAGED: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "no rows": pngFile(pngHeader(2, 0), IDAT, END),
  "no columns": pngFile(pngHeader(0, 2), IDAT, END),
  "no palette": pngFile(palette, indices, END),
  "an empty palette": pngFile(palette, pngChunk("PLTE", new Uint8Array()), indices, END),
  "indices beyond the palette": pngFile(palette, pngChunk("PLTE", new Uint8Array(6)), indices, END),
  "a palette of more colors than bits can name": pngFile(
    pngHeader(2, 2, { color: 3, depth: 1 }),
    pngChunk("PLTE", new Uint8Array(9)),
    pngChunk("IDAT", await zlib(Uint8Array.of(0, 0, 0, 0))),
    END,
  ),
  "a palette after the pixels": pngFile(palette, indices, pngChunk("PLTE", new Uint8Array(9)), END),
  "two palettes": pngFile(
    palette,
    ...[1, 2].map(() => pngChunk("PLTE", new Uint8Array(9))),
    indices,
    END,
  ),
  "too few pixels": pngFile(HEADER, pngChunk("IDAT", await zlib(rows.slice(0, -1))), END),
  "a pixel too many": pngFile(HEADER, pngChunk("IDAT", await zlib(joined(rows, rows))), END),
  "a byte too many": pngFile(
    HEADER,
    pngChunk("IDAT", await zlib(joined(rows, Uint8Array.of(0)))),
    END,
  ),
  "bytes after the compressed pixels": pngFile(
    HEADER,
    pngChunk("IDAT", joined(pixels, Uint8Array.of(1, 2, 3))),
    END,
  ),
  "a wrong sum of the header": pngFile(pngChunk("IHDR", HEADER.slice(8, -4), 1), IDAT, END),
  "a wrong sum of the pixels": pngFile(HEADER, pngChunk("IDAT", pixels, 1), END),
  "a wrong sum of a comment": pngFile(HEADER, pngChunk("tEXt", pixels, 1), IDAT, END),
  "a wrong sum of all pixels": pngFile(
    HEADER,
    pngChunk("IDAT", pixels.map((byte, i) => i === pixels.length - 1 ? byte ^ 1 : byte)),
    END,
  ),
  "pixels that are interrupted": pngFile(
    HEADER,
    pngChunk("IDAT", pixels.slice(0, 4)),
    pngChunk("tEXt", new Uint8Array(3)),
    pngChunk("IDAT", pixels.slice(4)),
    END,
  ),
  "two headers": pngFile(HEADER, HEADER, IDAT, END),
  "an unknown chunk that is needed": pngFile(HEADER, pngChunk("ABCD", pixels), IDAT, END),
  "no end": pngFile(HEADER, IDAT),
  "no pixels": pngFile(HEADER, END),
  "3 bits a sample": pngFile(pngHeader(2, 2, { depth: 3 }), IDAT, END),
  "too few pixels of several passes": pngFile(pngHeader(2, 2, { interlaced: 1 }), IDAT, END),
};

/** PNGs that are unusual, and whole. */
const WHOLE: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "two ends": pngFile(HEADER, IDAT, END, END),
  "bytes after the end": joined(pngFile(HEADER, IDAT, END), rows),
  "pixels in many chunks": pngFile(
    HEADER,
    ...[...pixels].map((byte) => pngChunk("IDAT", Uint8Array.of(byte))),
    pngChunk("IDAT", new Uint8Array()),
    END,
  ),
  "an unknown chunk that may be left out": pngFile(HEADER, pngChunk("abCd", pixels), IDAT, END),
};

const sharp = await loadSharp(), size = { height: 2, width: 2, channels: 3 };

for (const [name, bytes] of Object.entries(DAMAGED)) {
  Deno.test(`a PNG is refused, with sharp and without: ${name}`, async () => {
    for (const decode of new Set([undefined, sharp])) {
      const error = await makeImage("a", bytes, { size }, decode).then(() => undefined, (e) => e);
      assert(error instanceof TaskError, `${decode ? "sharp" : "own"}: ${error}`);
      assertMatch(error.message, /^a: expected a whole image, found a damaged one: [^\n]{1,200}$/);
    }
  });
}

for (const [name, bytes] of Object.entries(WHOLE)) {
  Deno.test(`a PNG is read, with sharp and without: ${name}`, async () => {
    const pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    assertEquals([...(await decodePicture("a", bytes)).pixels as Uint8Array], pixels);
    for (const decode of new Set([undefined, sharp])) {
      assertEquals([...await makeImage("a", bytes, { size }, decode)], pixels);
    }
  });
}
