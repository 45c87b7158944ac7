/**
 * The inverse discrete cosine transform of 8 × 8 blocks.
 *
 * @module
 */

/** Fractional bits of the constants, and those kept from the first pass to the second. */
const CONSTANT = 13, PASS = 2;

const fixed = (value: number) => Math.round(value * 2 ** CONSTANT);
const C0298 = fixed(0.298631336), C0390 = fixed(0.390180644), C0541 = fixed(0.541196100);
const C0765 = fixed(0.765366865), C0899 = fixed(0.899976223), C1175 = fixed(1.175875602);
const C1501 = fixed(1.501321110), C1847 = fixed(1.847759065), C1961 = fixed(1.961570560);
const C2053 = fixed(2.053119869), C2562 = fixed(2.562915447), C3072 = fixed(3.072711026);

const work = new Int32Array(64);

/** Transforms eight numbers `step` apart; the results are rounded and shifted right. */
function transform(x: Int32Array, at: number, step: number, shift: number): void {
  const x0 = x[at]!, x1 = x[at + step]!, x2 = x[at + 2 * step]!, x3 = x[at + 3 * step]!;
  const x4 = x[at + 4 * step]!, x5 = x[at + 5 * step]!, x6 = x[at + 6 * step]!;
  const x7 = x[at + 7 * step]!, half = 1 << (shift - 1);

  const even = Math.imul(x2 + x6, C0541);
  const low = even - Math.imul(x6, C1847), high = even + Math.imul(x2, C0765);
  const sum = (x0 + x4) << CONSTANT, difference = (x0 - x4) << CONSTANT;
  const e0 = sum + high + half, e3 = sum - high + half;
  const e1 = difference + low + half, e2 = difference - low + half;

  const all = Math.imul(x7 + x3 + x5 + x1, C1175);
  const z1 = -Math.imul(x7 + x1, C0899), z2 = -Math.imul(x5 + x3, C2562);
  const z3 = all - Math.imul(x7 + x3, C1961), z4 = all - Math.imul(x5 + x1, C0390);
  const o0 = Math.imul(x7, C0298) + z1 + z3, o1 = Math.imul(x5, C2053) + z2 + z4;
  const o2 = Math.imul(x3, C3072) + z2 + z3, o3 = Math.imul(x1, C1501) + z1 + z4;

  x[at] = (e0 + o3) >> shift;
  x[at + 7 * step] = (e0 - o3) >> shift;
  x[at + step] = (e1 + o2) >> shift;
  x[at + 6 * step] = (e1 - o2) >> shift;
  x[at + 2 * step] = (e2 + o1) >> shift;
  x[at + 5 * step] = (e2 - o1) >> shift;
  x[at + 3 * step] = (e3 + o0) >> shift;
  x[at + 4 * step] = (e3 - o0) >> shift;
}

/**
 * Writes the samples, 0 to 255, of a block of quantized coefficients, by the algorithm of Loeffler,
 * Ligtenberg and Moschytz (1989) in integers, as in libjpeg: columns, then rows.
 *
 * @param from The offset of the block's coefficients, row-major.
 * @param to The offset of its first sample, in rows that are `stride` apart.
 */
export function inverseDct(
  coefficients: Int16Array | Int32Array,
  from: number,
  quantization: Uint16Array,
  samples: Uint8ClampedArray,
  to: number,
  stride: number,
): void {
  for (let i = 0; i < 64; i++) work[i] = coefficients[from + i]! * quantization[i]!;
  for (let column = 0; column < 8; column++) transform(work, column, 8, CONSTANT - PASS);
  for (let row = 0; row < 8; row++) {
    transform(work, 8 * row, 1, CONSTANT + PASS + 3);
    const place = to + row * stride;
    for (let column = 0; column < 8; column++) {
      samples[place + column] = work[8 * row + column]! + 128;
    }
  }
}
