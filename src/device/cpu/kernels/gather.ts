/**
 * The kernels of gather and scatterAdd.
 *
 * @module
 */
import { outsideValue } from "../../../ops/gather.ts";
import { coordinates, type Kernel, kernel, pass } from "../kernel.ts";
import type { Func, Local } from "../wasm/function.ts";
import type { PlainName } from "../wasm/opcodes.ts";

/** x [n, m], indices [k] → [k, m]: one row per unit. */
export const gather: Kernel = kernel(["direct", "direct"], (
  { args: [{ shape: [n, m], dtype }], attrs, operands: [x, at], spec, out },
) => ({
  passes: [pass(spec.shape[0], (f, k) => {
    const [row, to, end] = f.locals("i32", 3);
    f.get(f.base(at.slot!), k).times(4).op("i32.add").access("i32.load").set(row);
    f.get(f.base(out), k).times(4 * m).op("i32.add").set(to);
    f.block(() => {
      f.get(row).i32(n).op("i32.lt_u").when(() => {
        f.get(to).get(f.base(x.slot!), row).times(4 * m).op("i32.add").i32(4 * m);
        f.op("memory.copy").exit(1);
      });
      fillOutside(f, outsideValue(dtype, attrs), m, { to, end });
    });
  })],
  unfinished: true,
}));

/** Fills a row whose index is out of range, with zeros or NaN. */
function fillOutside(
  f: Func,
  value: number,
  m: number,
  { to, end }: Readonly<Record<"to" | "end", Local>>,
) {
  if (value === 0) {
    f.get(to).i32(0).i32(4 * m).op("memory.fill");
    return;
  }
  const nan = f.local("v128");
  f.floats(NaN).set(nan).get(to).plus(4 * m).set(end);
  f.while(to, end, 4, () => f.get(to, nan).storeLane(0));
}

/** Columns per unit of {@linkcode scatterAdd}. */
const COLUMNS = 1024;

/** indices [k], rows [k, m] → [n, m]: one block of columns per unit, rows in order. */
export const scatterAdd: Kernel = kernel(["direct", "direct"], (
  { args: [{ shape: [count] }, { shape: [, m] }], operands: [at, rows], spec, out },
) => {
  const [n] = spec.shape, blocks = Math.ceil(m / COLUMNS);
  const add = spec.dtype === "f32" ? "f32x4.add" : "i32x4.add";
  const addBlocks = pass(blocks, (f, unit) => {
    const [block] = coordinates(f, unit, [blocks]);
    const [k, row, to, from, end, bytes] = f.locals("i32", 6);
    const setBytes = () => {
      f.get(block).times(-COLUMNS).plus(m).set(bytes);
      f.i32(COLUMNS).get(bytes).get(bytes).i32(COLUMNS).op("i32.gt_u", "select").times(4);
      f.set(bytes);
    };
    /** Pushes the address of the block in a row of a slot. */
    const blockAddress = (slot: number, row: Local) => {
      f.get(f.base(slot), row).times(4 * m).op("i32.add");
      f.get(block).times(4 * COLUMNS).op("i32.add");
    };
    setBytes();
    f.count(row, n, () => {
      blockAddress(out, row);
      f.i32(0).get(bytes).op("memory.fill");
    });
    f.count(k, count, () => {
      f.get(f.base(at.slot!), k).times(4).op("i32.add").access("i32.load").tee(row);
      f.i32(n).op("i32.lt_u").when(() => {
        blockAddress(out, row);
        f.set(to);
        blockAddress(rows.slot!, k);
        f.set(from);
        addBlock(f, add, { to, from, end, bytes });
      });
    });
  });
  return { passes: [addBlocks], unfinished: true };
});

/** Adds `bytes` bytes of elements to others, four elements at a time and then one by one. */
function addBlock(
  f: Func,
  add: PlainName,
  { to, from, end, bytes }: Readonly<Record<"to" | "from" | "end" | "bytes", Local>>,
) {
  f.get(to, bytes).i32(-16).op("i32.and", "i32.add").set(end);
  f.while(to, end, 16, () => {
    f.get(to, to).access("v128.load").get(from).access("v128.load").op(add);
    f.access("v128.store").advance(from, 16);
  });
  f.get(to, bytes).i32(15).op("i32.and", "i32.add").set(end);
  f.while(to, end, 4, () => {
    f.get(to, to).access("v128.load32_splat").get(from).access("v128.load32_splat").op(add);
    f.storeLane(0).advance(from, 4);
  });
}
