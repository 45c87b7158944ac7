/**
 * The blocked product: every size, stride and tile gives the bits of one chain of multiply-adds per
 * element, and touches nothing else.
 */
import { assertEquals } from "@std/assert";
import { detectFeatures, type Features } from "../../../src/device/cpu/features.ts";
import {
  multiply,
  panelColumns,
  type ProductExtents,
  type ProductShape,
} from "../../../src/device/cpu/kernels/product/mod.ts";
import { BLOCK_BYTES } from "../../../src/device/cpu/native/argument_block.ts";
import { detectNative, type NativeSet } from "../../../src/device/cpu/native/detect.ts";
import { loadNative, nativeImports } from "../../../src/device/cpu/native/mod.ts";
import { Func } from "../../../src/device/cpu/wasm/function.ts";
import { ModuleBuilder } from "../../../src/device/cpu/wasm/module.ts";

/** A product of constant or computed extents. */
interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly lines?: number;
  readonly blocks?: number;
  readonly batch?: number;
  readonly shape: ProductShape;
}

const memory = new WebAssembly.Memory({ initial: 8, maximum: 8 });
const floats = new Float32Array(memory.buffer), words = new Uint32Array(memory.buffer);

/** Elements where the operands and the result begin, and the value of memory that is not part of them. */
const LEFT = 1 << 12, RIGHT = 1 << 13, OUT = 1 << 16, GUARD = 0x7fc12345;

/** The address of the arguments of native products. */
const BLOCK = 256;

/** Calls `body` with the offsets in elements of every element of the result and of its factors. */
function forEachTerm(
  { rows, columns, depth, lines = 1, blocks = 1, batch = 1, shape }: Case,
  panel: number,
  body: (out: number, terms: [left: number, right: number][]) => void,
) {
  const s = { leftLine: 0, rightLine: 0, leftBlock: 0, rightBlock: 0, rightPanel: 0, ...shape };
  const { leftBatch = 0, rightBatch = 0, outBatch = 0 } = shape;
  for (let b = 0; b < batch; b++) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const terms: [number, number][] = [], at = Math.floor(c / panel) * s.rightPanel;
        for (let i = 0; i < blocks * lines; i++) {
          const block = Math.floor(i / lines), line = i % lines;
          const leftStart = b * leftBatch + r * s.leftRow + block * s.leftBlock;
          const rightStart = b * rightBatch + block * s.rightBlock + at;
          for (let k = 0; k < depth; k++) {
            const left = leftStart + line * s.leftLine + k * s.leftStep;
            const right = rightStart + line * s.rightLine + k * s.rightStep;
            terms.push([left / 4, right / 4 + c % panel]);
          }
        }
        body((b * outBatch + r * s.outRow) / 4 + c, terms);
      }
    }
  }
}

/**
 * Fills memory with guards, and what a product reads with numbers of 15 bits, so that terms are added
 * without error in double precision; returns the results in single precision.
 */
function fill(c: Case, panel: number, madd: boolean): Map<number, number> {
  let seed = 1;
  const next = () => ((seed = seed * 48271 % 2147483647) % 32768 - 16384) / 4096;
  const { accumulates } = c.shape, sums = new Map<number, number>();
  const round = (product: number) => madd ? product : Math.fround(product);
  words.fill(GUARD);
  forEachTerm(c, panel, (out, terms) => {
    for (const [left, right] of terms) {
      for (const i of [LEFT + left, RIGHT + right]) if (words[i] === GUARD) floats[i] = next();
    }
    if (accumulates) floats[OUT + out] = next();
  });
  forEachTerm(c, panel, (out, terms) => {
    let sum = accumulates ? floats[OUT + out]! : 0;
    for (const [l, r] of terms) {
      sum = Math.fround(sum + round(floats[LEFT + l]! * floats[RIGHT + r]!));
    }
    sums.set(out, sum);
  });
  return sums;
}

/** Runs a product on memory that is filled already. */
function run(features: Features, c: Case, computed: boolean) {
  const { rows, columns, depth, lines, blocks, batch, shape } = c;
  const module = new ModuleBuilder(features.native !== undefined),
    f = new Func(["i32", "i32", "i32"]);
  const [left, right, out] = f.locals("i32", 3), locals = f.locals("i32", 5);
  [LEFT, RIGHT, OUT].forEach((start, i) => f.i32(4 * start).set([left, right, out][i]!));
  const extents: ProductExtents = computed
    ? {
      rows: { local: locals[0] },
      columns,
      depth: { local: locals[1] },
      lines: { local: locals[2] },
      blocks: { local: locals[3] },
      batch: { local: locals[4] },
    }
    : {
      rows,
      columns,
      depth,
      ...(lines !== undefined && { lines }),
      ...(blocks !== undefined && { blocks }),
      ...(batch !== undefined && { batch }),
    };
  [rows, depth, lines ?? 1, blocks ?? 1, batch ?? 1].forEach((n, i) => f.i32(n).set(locals[i]!));
  multiply(f, { module, features }, shape, { left, right, out }, extents);
  [LEFT, RIGHT, OUT].forEach((start, i) =>
    f.get([left, right, out][i]!).i32(4 * start).op("i32.ne").when(() => f.i32(0).set(left))
  );
  module.add(f, "run");
  const compiled = new WebAssembly.Module(module.bytes({ maximum: 8, shared: false }));
  const native = features.native && loadNative(features.native, memory, [BLOCK]);
  native?.prepare(module.multiply!.routines);
  const { exports } = new WebAssembly.Instance(compiled, {
    env: { memory, ...(native && nativeImports(native.threads[0]!)) },
  });
  (exports.run as () => void)();
  native?.close();
  words.fill(GUARD, BLOCK / 4, (BLOCK + BLOCK_BYTES) / 4);
}

/** The products of many sizes and strides. */
function* cases(panel: number): Generator<Case> {
  const sizes = [1, 2, 3, 5, 7, 13];
  for (const rows of [...sizes, 0, 25]) {
    for (const columns of [...sizes, panel, panel + 1, 2 * panel + 3]) {
      for (const depth of [0, 1, 3, 4, 11]) {
        yield {
          rows,
          columns,
          depth,
          shape: {
            leftRow: 4 * depth,
            leftStep: 4,
            rightStep: 4 * panel,
            rightPanel: 4 * panel * depth,
            outRow: 4 * columns + 8,
            accumulates: (rows + columns) % 2 > 0,
          },
        };
        yield {
          rows,
          columns,
          depth,
          lines: rows % 3,
          blocks: columns % 4,
          batch: 2,
          shape: {
            leftRow: 4,
            leftStep: 4 * rows + 4,
            leftLine: -4,
            leftBlock: 20,
            rightBlock: 8,
            rightStep: 4 * columns,
            rightLine: 12,
            rightPanel: 4 * panel,
            outRow: 4 * columns,
            leftBatch: 8,
            rightBatch: 4,
            outBatch: 4 * rows * columns + 4,
            accumulates: depth % 2 > 0,
          },
        };
      }
    }
  }
}

const detected = { ...detectFeatures(), native: undefined }, best = detectNative();
const natives: readonly NativeSet[] = best === "AVX-512" ? ["AVX2", best] : best ? [best] : [];
const VARIANTS: Readonly<Record<string, Features>> = {
  "128-bit": detected,
  "two-instruction": { ...detected, madd: false },
  "wide": { ...detected, wide: true },
  ...Object.fromEntries(natives.map((native) => [native, { ...detected, native }])),
};

for (const [name, features] of Object.entries(VARIANTS)) {
  Deno.test(`products in ${name} code have the bits of one chain per element`, () => {
    const panel = panelColumns(features);
    for (const c of cases(panel)) {
      const sums = fill(c, panel, features.madd), before = words.slice(), after = words.slice();
      for (const [out, sum] of sums) new Float32Array(after.buffer)[OUT + out] = sum;
      for (const computed of [false, true]) {
        words.set(before);
        run(features, c, computed);
        const wrong = words.findIndex((word, i) => word !== after[i]);
        if (wrong < 0) continue;
        const at = `${JSON.stringify(c)}: element ${wrong - OUT}`;
        assertEquals(floats[wrong], new Float32Array(after.buffer)[wrong], at);
      }
    }
  });
}
