/**
 * Reads the rows of an image that windows are about to visit, once and in order: such reads are fetched
 * ahead, which those of windows are not, and their sum tells whether there is a NaN among them.
 *
 * @module
 */
import type { PoolGeometry } from "../../../../ops/pool_geometry.ts";
import { extent } from "../../../../ops/window_axis.ts";
import type { Func, Local } from "../../wasm/function.ts";

/** Vectors that are added at once. */
const AT_ONCE = 4;

/** Bytes of a line of the cache. */
const LINE = 64;

/** A scan of an image. */
export interface Scan {
  /** Emits the scan of what was not scanned yet of the rows under window row `oy`. */
  readonly rowsUnder: (oy: Local) => void;
  /** 1 if no element scanned so far is NaN; may be 0 if two are infinite. */
  readonly isNumber: Local;
}

/**
 * Starts a scan of image `n` of a slot.
 *
 * @param wanted Whether NaN is looked for; else one element of each line of the cache is read.
 */
export function startScan(
  f: Func,
  g: PoolGeometry,
  n: Local,
  slot: number,
  wanted: boolean,
): Scan {
  const { size, stride, padding } = g.y, bytes = 4 * g.x.size * g.channels;
  const [row, first, end, at, part, stop, isNumber] = f.locals("i32", 7);
  const sums = f.locals("v128", AT_ONCE);
  const setRows = (oy: Local) => {
    f.get(oy).times(stride).plus(-padding).tee(first).plus(extent(g.y)).set(end).atMost(end, size);
    f.get(row, first).get(row, first).op("i32.gt_s", "select").set(row);
  };
  const point = () => {
    f.get(n).times(size).get(row).op("i32.add").times(bytes).get(f.base(slot)).op("i32.add");
    f.tee(at).get(end, row).op("i32.sub").times(bytes).op("i32.add").set(stop);
  };
  /** Adds as many elements as are left of so many bytes each. */
  const add = (step: number, load: "v128.load" | "v128.load32_splat") => {
    f.get(at, stop, at).op("i32.sub").i32(-step).op("i32.and", "i32.add").set(part);
    f.while(at, part, step, () => {
      sums.slice(0, Math.ceil(step / 16)).forEach((sum, k) =>
        f.get(sum, at).access(load, 16 * k).op("f32x4.add").set(sum)
      );
    });
  };
  const setIsNumber = () => {
    const total = f.local("v128");
    f.get(...sums);
    for (let k = 1; k < AT_ONCE; k++) f.op("f32x4.add");
    f.tee(total).get(total).op("f32x4.eq", "i32x4.all_true").set(isNumber);
  };
  f.i32(0).set(row).i32(1).set(isNumber);
  for (const sum of sums) f.floats(0).set(sum);
  const rowsUnder = (oy: Local) => {
    setRows(oy);
    f.get(end, row).op("i32.gt_u").when(() => {
      point();
      f.get(end).set(row);
      if (!wanted) {
        f.while(at, stop, LINE, () => f.get(at).access("v128.load32_splat").set(sums[0]!));
        return;
      }
      add(16 * AT_ONCE, "v128.load");
      if (bytes % (16 * AT_ONCE)) add(16, "v128.load");
      if (bytes % 16) add(4, "v128.load32_splat");
      setIsNumber();
    });
  };
  return { rowsUnder, isNumber };
}
