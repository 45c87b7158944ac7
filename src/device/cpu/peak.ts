/**
 * Measures the peak performance of the CPU device: multiply-adds in registers, and memory bandwidth.
 *
 * @module
 */
import { type Peak, rate } from "../profile.ts";
import { ModuleBuilder } from "./wasm/module.ts";
import type { CpuContext } from "./executable.ts";
import { type Features, multiplyAdd } from "./features.ts";
import { passName } from "./threads/control_block.ts";
import { LOCAL, type Pass, pass } from "./kernel.ts";
import type { Block } from "./arena.ts";
import { multiply, panelColumns } from "./kernels/product/mod.ts";

/** Independent accumulators: enough to hide the latency of single vectors, or of fused pairs. */
const chainCount = ({ wide }: Features) => wide ? 24 : 10;
/** Iterations per unit of multiply-adds, and units per thread: a few milliseconds in all. */
const ROUNDS = 1 << 18, UNITS = 8;
/** The unrolling of the loop: multiply-adds of each accumulator per iteration. */
const UNROLL = 4;
/** Bytes copied, more than most last-level caches hold, and bytes per unit. */
const COPIED = 1 << 26, UNIT = 1 << 18;
/**
 * The fewest trials, and the milliseconds to spend on them: at first workers start and code is not
 * optimized, and the machine may be busy.
 */
const TRIALS = 5, BUDGET = 1000;
/** The fill byte of memory, about 0.75 as f32, to avoid slow denormal numbers. */
const FILL = 0x3f;

/** Multiply-adds of the data in slot 0, on adjacent vectors, so that an engine can fuse pairs. */
function multiplyAdds(features: Features, units: number): Pass {
  return pass(units, (f) => {
    const sums = f.locals("v128", chainCount(features)), factors = f.locals("v128", 2);
    const x = f.local("v128"), i = f.local("i32");
    f.get(f.base(0)).access("v128.load32_splat").set(x);
    factors.forEach((y, k) => f.get(f.base(0)).access("v128.load", 16 * k).set(y));
    sums.forEach((sum, k) => f.get(f.base(0)).access("v128.load", 16 * k).set(sum));
    f.count(i, ROUNDS, () => {
      for (let turn = 0; turn < UNROLL; turn++) {
        sums.forEach((sum, k) => {
          const y = factors[k % 2]!;
          multiplyAdd(f, features, () => f.get(x), () => f.get(y), () => f.get(sum));
          f.set(sum);
        });
      }
    }, UNROLL);
    sums.forEach((sum, k) => f.get(LOCAL, sum).access("v128.store", 16 * k));
  });
}

/** Rows, steps and repetitions per unit of a native product whose operands stay in the L1 cache. */
const ROWS = 12, DEPTH = 192, REPEATS = 1 << 9;

/** Native products of the data in slot 1. */
function nativeProducts(features: Features, module: ModuleBuilder, units: number): Pass {
  const columns = panelColumns(features), outRow = 4 * columns;
  const shape = { leftRow: 4 * DEPTH, leftStep: 4, rightStep: outRow, outRow };
  return pass(units, (f) => {
    const i = f.local("i32"), data = f.base(1), pointers = { left: data, right: data, out: LOCAL };
    const extents = { rows: ROWS, columns, depth: DEPTH };
    f.count(i, REPEATS, () => multiply(f, { module, features }, shape, pointers, extents));
  });
}

/** Copies slot 0 to slot 1. */
const copies = (): Pass =>
  pass(COPIED / UNIT, (f, unit) => {
    const [from, to, end] = f.locals("i32", 3);
    f.get(f.base(0), unit).times(UNIT).op("i32.add").tee(from).plus(UNIT).set(end);
    f.get(f.base(1), unit).times(UNIT).op("i32.add").set(to);
    f.until(from, end, () => {
      for (let at = 0; at < 64; at += 16) {
        f.get(to, from).access("v128.load", at).access("v128.store", at);
      }
      f.advance(from, 64).advance(to, 64);
    });
  });

/** Measures multiply-adds and copying on `threads` threads. */
export async function measurePeak(
  { arena, features, pool }: CpuContext,
  threads: number,
): Promise<Peak> {
  const isNative = features.native !== undefined, columns = panelColumns(features);
  const module = new ModuleBuilder(isNative), units = UNITS * threads;
  const passes = [multiplyAdds(features, units), copies()];
  if (isNative) passes.push(nativeProducts(features, module, units));
  passes.forEach(({ func }, pass) => module.add(func, passName(pass)));
  pool.reserve(Math.max(16 * chainCount(features), 4 * ROWS * columns));
  const bytes = module.bytes({ maximum: arena.maximum, shared: features.shared });
  const loaded = pool.loadModule(bytes, passes.length, module.multiply?.routines);
  const code = pool.load(passes.map(({ units }, pass) => ({
    passes: [{ step: pass, module: loaded, pass }],
    units,
    work: Infinity,
    row: 0,
  })));
  const buffers: Block[] = [];
  try {
    for (const size of [8, COPIED, COPIED]) {
      buffers.push(arena.allocate(size, "measuring the memory"));
    }
    const [table, ...copied] = buffers.map(({ address }) => address) as [number, ...number[]];
    // Memory that was never written is not backed by pages, and reads too fast.
    for (const address of copied) arena.bytes(address, COPIED).fill(FILL);
    new Int32Array(arena.memory.buffer, table, copied.length).set(copied);
    const ms = passes.map(() => new Float64Array(1)),
      least = passes.map(() => Infinity),
      from = performance.now();
    for (let trial = 0; trial < TRIALS || performance.now() - from < BUDGET; trial++) {
      pool.runTimed(code, table, ms);
      ms.forEach((each, i) => least[i] = Math.min(least[i]!, each[0]!));
      await pool.settle();
    }
    const flops = 8 * chainCount(features) * ROUNDS * units;
    const products = 2 * ROWS * columns * DEPTH * REPEATS * units;
    return {
      gflops: rate(flops, least[0]!),
      gbps: rate(2 * COPIED, least[1]!),
      ...(isNative && { nativeGflops: rate(products, least[2]!) }),
    };
  } finally {
    for (const buffer of buffers) arena.free(buffer);
    pool.unload(code);
  }
}
