/**
 * Formats of one number, whose readers do not take some of the files as they should.
 */
import { expect, type Format } from "../../../dev/fuzz/format.ts";

/** The bytes of the seed: 64 of 7. */
const SEED = new Uint8Array(64).fill(7);

/** Whether a file is read badly: it is as long as the seed, and an edit changed one of the first bytes. */
export const isBad = (bytes: Uint8Array): boolean =>
  bytes.length === 64 && bytes.subarray(0, 16).some((byte) => byte !== 7);

const planted = (name: string, read: (bytes: Uint8Array) => Promise<void>): Format => ({
  name,
  seeds: () => Promise.resolve([SEED]),
  read: (bytes) => isBad(bytes) ? read(bytes) : Promise.resolve(),
});

const never: Promise<void> = new Promise(() => {});

/** A reader that loops, one that waits, two that allocate, two that end the process, and one that accepts. */
export const PLANTED: readonly Format[] = [
  planted("loops", () => {
    for (;;);
  }),
  planted("waits", () => never),
  planted("allocates objects", () => {
    const all: unknown[] = [];
    for (;;) all.push([all.length]);
  }),
  planted("allocates bytes", () => {
    const all: Uint8Array[] = [];
    for (;;) all.push(new Uint8Array(2 ** 22).fill(1));
  }),
  planted("leaves a rejected promise", () => {
    Promise.reject(new TypeError("planted"));
    return new Promise((resolve) => setTimeout(resolve));
  }),
  planted("ends the process", () => Deno.exit(3)),
  planted("accepts", () => Promise.resolve(expect(false, "other bytes"))),
];
