/**
 * gather, a row a unit, and scatterAdd, rows in order.
 *
 * @module
 */
import { outside } from "../../../ops/gather.ts";
import { coordinates, type Kernel, kernel, pass } from "../kernel.ts";

/** x [n, m], indices [k] → [k, m]. */
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
      if (outside(dtype, attrs) === 0) f.get(to).i32(0).i32(4 * m).op("memory.fill");
      else {
        const nan = f.local("v128");
        f.floats(NaN).set(nan).get(to).plus(4 * m).set(end);
        f.while(to, end, 4, () => f.get(to, nan).storeLane(0));
      }
    });
  })],
  unfinished: true,
}));

/** The columns of a unit of {@linkcode scatterAdd}. */
const COLUMNS = 1024;

/** indices [k], rows [k, m] → [n, m]. */
export const scatterAdd: Kernel = kernel(
  ["direct", "direct"],
  ({ args: [{ shape: [count] }, { shape: [, m] }], ...rest }) => {
    const { operands: [at, rows], spec, out } = rest, [n] = spec.shape;
    const blocks = Math.ceil(m / COLUMNS), add = spec.dtype === "f32" ? "f32x4.add" : "i32x4.add";
    return {
      passes: [pass(blocks, (f, unit) => {
        const [block] = coordinates(f, unit, [blocks]);
        const [k, row, to, from, end, bytes] = f.locals("i32", 6);
        f.get(block).times(-COLUMNS).plus(m).set(bytes);
        f.i32(COLUMNS).get(bytes).get(bytes).i32(COLUMNS).op("i32.gt_u", "select").times(4).set(
          bytes,
        );
        const start = () => f.get(block).times(4 * COLUMNS).op("i32.add");
        f.count(row, n, () => {
          f.get(f.base(out), row).times(4 * m).op("i32.add");
          start().i32(0).get(bytes).op("memory.fill");
        });
        f.count(k, count, () => {
          f.get(f.base(at.slot!), k).times(4).op("i32.add").access("i32.load").tee(row);
          f.i32(n).op("i32.lt_u").when(() => {
            f.get(f.base(out), row).times(4 * m).op("i32.add");
            start().set(to);
            f.get(f.base(rows.slot!), k).times(4 * m).op("i32.add");
            start().set(from);
            f.get(to, bytes).i32(-16).op("i32.and", "i32.add").set(end);
            f.while(to, end, 16, () => {
              f.get(to, to).access("v128.load").get(from).access("v128.load").op(add);
              f.access("v128.store").advance(from, 16);
            });
            f.get(to, bytes).i32(15).op("i32.and", "i32.add").set(end);
            f.while(to, end, 4, () => {
              f.get(to, to).access("v128.load32_splat").get(from).access("v128.load32_splat").op(
                add,
              );
              f.storeLane(0).advance(from, 4);
            });
          });
        });
      })],
      unfinished: true,
    };
  },
);
