/**
 * Pickles as Python 2 wrote CIFAR's.
 *
 * @module
 */
import { joined } from "../fixtures.ts";

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A number of so many bytes, the lower ones first. */
const little = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => value >> 8 * i & 255);

const text = (value: string) => Uint8Array.of(0x55, value.length, ...ascii(value));
const integer = (value: number) => Uint8Array.of(0x4d, ...little(value, 2));
const list = (values: readonly number[]) =>
  joined(ascii("]("), ...values.map((value) => Uint8Array.of(0x4b, value)), ascii("e"));

/** NumPy's array of bytes, [rows, columns]. */
function array(rows: number, columns: number, bytes: Uint8Array): Uint8Array {
  return joined(
    ascii("cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\0"),
    Uint8Array.of(0x85),
    text("b"),
    Uint8Array.of(0x87),
    ascii("Rq\x09(K\x01"),
    integer(rows),
    integer(columns),
    Uint8Array.of(0x86),
    ascii("cnumpy\ndtype\nq\x0a"),
    text("u1"),
    ascii("K\0K\x01"),
    Uint8Array.of(0x87),
    ascii("Rq\x0b(K\x03"),
    text("|"),
    ascii("NNN"),
    Uint8Array.of(0x4a, 255, 255, 255, 255, 0x4a, 255, 255, 255, 255),
    ascii("K\0tb"),
    Uint8Array.of(0x89, 0x54, ...little(bytes.length, 4)),
    bytes,
    ascii("tb"),
  );
}

/** A file of images, 3072 bytes each, with lists of labels by their names. */
export function pickled(
  images: Uint8Array,
  lists: Readonly<Record<string, readonly number[]>>,
): Uint8Array {
  const entries = Object.entries(lists).flatMap(([name, values]) => [text(name), list(values)]);
  return joined(
    Uint8Array.of(0x80, 2),
    ascii("}q\x01("),
    text("batch_label"),
    text("training batch 1 of 5"),
    ...entries,
    text("data"),
    array(images.length / 3072, 3072, images),
    ascii("u."),
  );
}
