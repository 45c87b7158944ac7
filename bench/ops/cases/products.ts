/**
 * Matrix products: dense layers and attention.
 *
 * @module
 */
import { casesOf, namedCases } from "./case.ts";

/** Dense layers of well-known nets. */
export const NET_DENSES = casesOf("dense", {
  "dense 4096 b1": { b: 1, i: 4096, o: 4096 },
  "dense 4096 b32": { b: 32, i: 4096, o: 4096 },
  "dense 4096 b128": { b: 128, i: 4096, o: 4096 },
  "dense 4096-10 b128": { b: 128, i: 4096, o: 10 },
  "dense 3000-50 b64": { b: 64, i: 3000, o: 50 },
  "dense 50 b64": { b: 64, i: 50, o: 50 },
  "dense 4100 b32": { b: 32, i: 4100, o: 4100 },
  "dense 4000 b32": { b: 32, i: 4000, o: 4000 },
  "dense 4100 b128": { b: 128, i: 4100, o: 4100 },
  "dense 9216-4096 b32": { b: 32, i: 9216, o: 4096 },
  "dense 1024 b32": { b: 32, i: 1024, o: 1024 },
  "dense 512 b32": { b: 32, i: 512, o: 512 },
  "dense 1024 b512": { b: 512, i: 1024, o: 1024 },
});

type Dense = { b: number; i: number; o: number };
const describe = ({ b, i, o }: Dense) => `dense ${i === o ? i : `${i}-${o}`} b${b}`;

/** Dense layers of other sizes and batches. */
export const OTHER_DENSES = namedCases("dense", describe, [
  { b: 1, i: 512, o: 10 },
  { b: 1, i: 9216, o: 4096 },
  { b: 2, i: 1024, o: 1024 },
  { b: 4, i: 768, o: 3072 },
  { b: 7, i: 784, o: 300 },
  { b: 16, i: 2048, o: 1000 },
  { b: 64, i: 784, o: 4096 },
  { b: 128, i: 784, o: 100 },
  { b: 128, i: 10, o: 512 },
  { b: 256, i: 2304, o: 1024 },
  { b: 512, i: 256, o: 256 },
  { b: 512, i: 17, o: 50 },
  { b: 2048, i: 256, o: 1024 },
  { b: 1024, i: 1, o: 64 },
]);

/** Products of attention and other batches. */
export const BATCHED_PRODUCTS = casesOf("bmm", {
  "attn qk 64x128x64x128": { b: 64, m: 128, k: 64, n: 128 },
  "attn 64 x 32·16·32": { b: 64, m: 32, k: 16, n: 32 },
  "attn 128 x 128·32·128": { b: 128, m: 128, k: 32, n: 128 },
  "attn 12 x 512·64·512": { b: 12, m: 512, k: 64, n: 512 },
  "bmm 256 x 7·13·5": { b: 256, m: 7, k: 13, n: 5 },
  "bmm 8 x 1·1024·1024": { b: 8, m: 1, k: 1024, n: 1024 },
  "bmm 4 x 300·300·300": { b: 4, m: 300, k: 300, n: 300 },
});
