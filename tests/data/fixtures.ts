import { crc32 } from "node:zlib";
import type { Dataset } from "../../src/data/dataset.ts";

/** A big-endian IDX file: a magic number, sizes, then bytes. */
export function idx(magic: number, sizes: number[], bytes: ArrayLike<number>): Uint8Array {
  const file = new Uint8Array(4 + 4 * sizes.length + bytes.length);
  const view = new DataView(file.buffer);
  [magic, ...sizes].forEach((word, i) => view.setUint32(4 * i, word));
  file.set(Uint8Array.from(bytes), 4 + 4 * sizes.length);
  return file;
}

/** The bytes packed by gzip. */
export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** The bytes in a gzip stream that does not compress them. */
export async function storedGzip(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = await gzip(bytes), length = bytes.length;
  const block = [1, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255];
  return joined(packed.subarray(0, 10), Uint8Array.from(block), bytes, packed.subarray(-8));
}

/** A tar archive of files. */
export function tar(files: Record<string, Uint8Array>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([name, bytes]) => {
    const header = new Uint8Array(512), text = new TextEncoder();
    const put = (at: number, value: string) => header.set(text.encode(value), at);
    put(0, name);
    put(124, bytes.length.toString(8).padStart(11, "0"));
    put(156, "0");
    put(257, "ustar\0");
    put(148, " ".repeat(8));
    put(148, `${header.reduce((sum, byte) => sum + byte).toString(8).padStart(6, "0")}\0 `);
    return [header, bytes, new Uint8Array((512 - bytes.length % 512) % 512)];
  });
  return joined(...blocks, new Uint8Array(1024));
}

/** NumPy's file of an array, whose numbers are bytes as they are stored. */
export function npy(type: string, shape: number[], bytes: ArrayLike<number>): Uint8Array {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(", ")}${
    shape.length === 1 ? "," : ""
  }), }`;
  const header = new TextEncoder().encode(text.padEnd(117) + "\n");
  return joined(
    Uint8Array.of(0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, header.length, 0),
    header,
    Uint8Array.from(bytes),
  );
}

async function deflatedRaw(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** A ZIP archive of files. */
export async function zip(
  files: Record<string, Uint8Array>,
  deflate: boolean,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [], list: Uint8Array[] = [];
  let at = 0;
  for (const [path, bytes] of Object.entries(files)) {
    const name = new TextEncoder().encode(path), body = deflate ? await deflatedRaw(bytes) : bytes;
    const fields = (size: number, shift: number, magic: number) => {
      const view = new DataView(new ArrayBuffer(size));
      view.setUint32(0, magic, true);
      view.setUint16(8 + shift, deflate ? 8 : 0, true);
      view.setUint32(14 + shift, crc32(bytes), true);
      view.setUint32(18 + shift, body.length, true);
      view.setUint32(22 + shift, bytes.length, true);
      view.setUint16(26 + shift, name.length, true);
      return view;
    };
    const central = fields(46, 2, 0x02014b50);
    central.setUint32(42, at, true);
    const local = joined(new Uint8Array(fields(30, 0, 0x04034b50).buffer), name, body);
    list.push(joined(new Uint8Array(central.buffer), name));
    parts.push(local);
    at += local.length;
  }
  const all = joined(...list), end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, list.length, true);
  end.setUint16(10, list.length, true);
  end.setUint32(12, all.length, true);
  end.setUint32(16, at, true);
  return joined(...parts, all, new Uint8Array(end.buffer));
}

/** A new temporary folder that holds the files given; removed when disposed of. */
export async function folderOf(files: Record<string, Uint8Array>) {
  const path = await Deno.makeTempDir();
  for (const [name, bytes] of Object.entries(files)) {
    await Deno.mkdir(`${path}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeFile(`${path}/${name}`, bytes);
  }
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Byte `at` of a picture that has no symmetry and no period of 256. */
export const patterned = (at: number): number => ((at * 7919) >>> 3) % 251;

/** One CIFAR record: label bytes, then a planar picture whose red, green and blue differ. */
export function record(labels: number[], seed: number): Uint8Array {
  return Uint8Array.from([
    ...labels,
    ...Array.from({ length: 3072 }, (_, i) => patterned(i + 3072 * seed)),
  ]);
}

/** Bytes put one behind the other. */
export const joined = (...parts: Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** A data set of patterned pictures, image i labeled i modulo `classes`. */
export function pictures(sizes: Partial<Dataset> & { count: number }): Dataset {
  const { count, height = 32, width = 32, channels = 3, classes = 10 } = sizes;
  const length = count * height * width * channels;
  return {
    name: "pictures",
    images: Uint8Array.from({ length }, (_, at) => patterned(at)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % classes),
    count,
    height,
    width,
    channels,
    classes,
  };
}
