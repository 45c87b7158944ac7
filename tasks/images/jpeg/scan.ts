/**
 * The coefficients in the scans of a JPEG.
 *
 * @module
 */
import { Bits } from "./huffman.ts";
import type { Plane } from "./planes.ts";
import { type Frame, type Scan, type Tables, ZIGZAG } from "./segments.ts";

/** Reads a block's coefficients in a scan to the offset `at`. */
type ReadBlock = (block: Int16Array, at: number, component: number) => void;

const tooMany = (): never => {
  throw new Error("a block has more than 64 coefficients");
};

/** Reads all coefficients of a block at once. */
function baseline(bits: Bits, { components }: Scan, predicted: Int32Array): ReadBlock {
  return (block, at, component) => {
    const { dc, ac } = components[component]!;
    block.fill(0, at, at + 64);
    block[at] = predicted[component]! += bits.signed(bits.decode(dc));
    for (let k = 1; k < 64; k++) {
      const code = bits.decode(ac), size = code & 15;
      k += code >> 4;
      if (size === 0) {
        if (code !== 0xf0) return;
        continue;
      }
      if (k > 63) tooMany();
      block[at + ZIGZAG[k]!] = bits.signed(size);
    }
  };
}

/** Reads the upper bits of the first coefficient, or one more bit of it. */
function progressiveDc(
  bits: Bits,
  { components, high, low }: Scan,
  predicted: Int32Array,
): ReadBlock {
  if (high > 0) return (block, at) => void (block[at]! |= bits.take(1) << low);
  return (block, at, component) => {
    const { dc } = components[component]!;
    block[at] = (predicted[component]! += bits.signed(bits.decode(dc))) << low;
  };
}

/** Reads the upper bits of the other coefficients. The next `run.blocks` blocks have none. */
function progressiveAc(bits: Bits, scan: Scan, run: { blocks: number }): ReadBlock {
  const { components: [component], first, last, low } = scan, ac = component!.ac;
  return (block, at) => {
    if (run.blocks > 0) {
      run.blocks--;
      return;
    }
    for (let k = first; k <= last; k++) {
      const code = bits.decode(ac), zeros = code >> 4, size = code & 15;
      if (size === 0 && zeros < 15) {
        run.blocks = (1 << zeros) - 1 + bits.take(zeros);
        return;
      }
      k += zeros;
      if (size === 0) continue;
      if (k > 63) tooMany();
      block[at + ZIGZAG[k]!] = bits.signed(size) << low;
    }
  };
}

/** Reads one more bit of the other coefficients. */
function refinedAc(bits: Bits, scan: Scan, run: { blocks: number }): ReadBlock {
  const { components: [component], first, last, low } = scan, ac = component!.ac, bit = 1 << low;
  const refine = (block: Int16Array, place: number) => {
    const value = block[place]!;
    if (bits.take(1) && (value & bit) === 0) block[place] = value + (value > 0 ? bit : -bit);
  };
  return (block, at) => {
    let k = first;
    while (run.blocks === 0 && k <= last) {
      const code = bits.decode(ac), size = code & 15;
      let zeros = code >> 4;
      if (size === 0 && zeros < 15) {
        run.blocks = (1 << zeros) + bits.take(zeros);
        break;
      }
      const value = size === 0 ? 0 : bits.take(1) ? bit : -bit;
      for (; k <= last; k++) {
        const place = at + ZIGZAG[k]!;
        if (block[place] !== 0) refine(block, place);
        else if (zeros-- === 0) break;
      }
      if (value !== 0 && k <= last) block[at + ZIGZAG[k]!] = value;
      k++;
    }
    if (run.blocks === 0) return;
    for (; k <= last; k++) if (block[at + ZIGZAG[k]!] !== 0) refine(block, at + ZIGZAG[k]!);
    run.blocks--;
  };
}

/**
 * Reads a scan, block by block.
 *
 * @param bytes The file, with the scan's bits at offset `from`.
 * @returns The offset of the marker after the scan; undefined where the file ends with the scan.
 */
export function readScan(
  bytes: Uint8Array,
  from: number,
  frame: Frame,
  scan: Scan,
  { restart }: Tables,
  planes: readonly Plane[],
): number | undefined {
  const bits = new Bits(bytes, from), predicted = new Int32Array(scan.components.length);
  const run = { blocks: 0 };
  const refines = scan.high > 0;
  const read = !frame.progressive
    ? baseline(bits, scan, predicted)
    : scan.first === 0
    ? progressiveDc(bits, scan, predicted)
    : refines
    ? refinedAc(bits, scan, run)
    : progressiveAc(bits, scan, run);
  const parts = scan.components.map(({ index }) => planes[index]!);
  const one = parts.length === 1;
  // A scan of one component stores its blocks row by row; one of several stores them MCU by MCU.
  const across = one ? parts[0]!.blocksAcross : Math.ceil(frame.width / (8 * frame.maxH));
  const down = one ? parts[0]!.blocksDown : Math.ceil(frame.height / (8 * frame.maxV));
  const units = across * down;
  for (let unit = 0; unit < units; unit++) {
    if (restart > 0 && unit > 0 && unit % restart === 0) {
      bits.restart();
      predicted.fill(0);
      run.blocks = 0;
    }
    const row = Math.floor(unit / across), column = unit % across;
    for (let i = 0; i < parts.length; i++) {
      const plane = parts[i]!, h = one ? 1 : plane.h, v = one ? 1 : plane.v;
      for (let y = row * v; y < (row + 1) * v; y++) {
        for (let x = column * h; x < (column + 1) * h; x++) {
          read(plane.block, plane.begin(x, y), i);
          plane.end(x, y);
        }
      }
    }
  }
  return bits.end;
}
