/**
 * Pooling and its adjoints, by rows of windows or by images, four channels at a time.
 *
 * @module
 */
import { type PoolGeometry, poolGeometry } from "../../../ops/pool.ts";
import type { WindowAxis } from "../../../ops/window_axis.ts";
import type { Func, Local } from "../wasm/function.ts";
import { coordinates, type Kernel, kernel, pass } from "../kernel.ts";

/** The variables of a walk over windows: bounds in the image, and the channel's offset in bytes. */
interface Window {
  readonly y0: Local;
  readonly y1: Local;
  readonly x0: Local;
  readonly x1: Local;
  /** What a mean divides by. */
  readonly area: Local;
  /** The address offset of the window's result, in bytes. */
  readonly out: Local;
  readonly channel: Local;
  /** Four channels, or one. */
  readonly step: 4 | 1;
}

function bound(f: Func, out: Local, by: number, op: "i32.lt_s" | "i32.gt_s") {
  f.get(out).i32(by).get(out).i32(by).op(op, "select").set(out);
}

/** Sets the first and the last but one coordinate of a window along one axis, and its length. */
function span(f: Func, at: Local, from: Local, to: Local, length: Local, axis: WindowAxis) {
  const { size, kernel, stride, padding } = axis;
  f.get(at).times(stride).plus(-padding).tee(from).plus(kernel).set(to);
  bound(f, to, size + padding, "i32.lt_s");
  f.get(to, from).op("i32.sub").set(length);
  bound(f, from, 0, "i32.gt_s");
  bound(f, to, size, "i32.lt_s");
}

/** Walks over the windows of one row of results of image `n`, for every group of channels. */
function overWindows(f: Func, g: PoolGeometry, n: Local, oy: Local, body: (w: Window) => void) {
  const [y0, y1, x0, x1, ox, rows, columns, area, out, channel, end] = f.locals("i32", 11);
  span(f, oy, y0, y1, rows, g.y);
  f.count(ox, g.x.out, () => {
    span(f, ox, x0, x1, columns, g.x);
    f.get(rows, columns).op("i32.mul").set(area);
    f.get(n).times(g.y.out).get(oy).op("i32.add").times(g.x.out).get(ox).op("i32.add");
    f.times(4 * g.channels).set(out);
    f.i32(0).set(channel);
    for (const step of [4, 1] as const) {
      f.i32(4 * (step === 4 ? g.channels - g.channels % 4 : g.channels)).set(end);
      f.while(channel, end, 4 * step, () => body({ y0, y1, x0, x1, area, out, channel, step }));
    }
  });
}

/** Walks over the pixels of a window; `offset` is a pixel's and channel's, in bytes. */
function overPixels(f: Func, g: PoolGeometry, n: Local, w: Window, body: (offset: Local) => void) {
  const [y, x, offset] = f.locals("i32", 3);
  f.get(w.y0).set(y);
  f.while(y, w.y1, 1, () => {
    f.get(w.x0).set(x).get(n).times(g.y.size).get(y).op("i32.add").times(g.x.size);
    f.get(x).op("i32.add").times(4 * g.channels).get(w.channel).op("i32.add").set(offset);
    f.while(x, w.x1, 1, () => {
      body(offset);
      f.advance(offset, 4 * g.channels);
    });
  });
}

const loadName = ({ step }: Window) => step === 4 ? "v128.load" : "v128.load32_splat";

function load(f: Func, w: Window, base: Local, offset: Local) {
  f.get(base, offset).op("i32.add").access(loadName(w));
}

function store(f: Func, w: Window) {
  if (w.step === 4) f.access("v128.store");
  else f.storeLane(0);
}

/** Where an element is the largest so far, as masks of lanes: the last NaN is, before any number. */
const beats = (f: Func, each: Local, best: Local) =>
  f.get(each, best).op("f32x4.gt").get(each, each).op("f32x4.ne", "v128.or");

/**
 * Writes the search for the largest of a window, starting over with the first pixel. `quick` and `exact`
 * take a pixel that is in `each` and not the first; quick ones need not think of NaN. Whether one was
 * met is seen by a sum, which is NaN too; then the window is searched again.
 */
function search(
  f: Func,
  g: PoolGeometry,
  n: Local,
  w: Window,
  x: Local,
  { best, each }: { readonly best: Local; readonly each: Local },
  start: (offset: Local) => void,
  quick: (offset: Local) => void,
  exact: (offset: Local) => void,
) {
  const sum = f.local("v128"), fresh = f.local("i32");
  const through = (next: (offset: Local) => void) => {
    f.i32(1).set(fresh);
    overPixels(f, g, n, w, (offset) => {
      load(f, w, x, offset);
      f.set(each).get(fresh).when(() => {
        f.get(each).set(best).i32(0).set(fresh);
        start(offset);
      });
      next(offset);
    });
  };
  f.floats(0).set(sum);
  through((offset) => {
    quick(offset);
    f.get(sum, each).op("f32x4.add").set(sum);
  });
  f.get(sum, sum).op("f32x4.eq", "i32x4.all_true", "i32.eqz").when(() => through(exact));
}

/** maxPoolSelect: where the first argument is largest, the second. */
export const maxPoolSelect: Kernel = kernel(
  ["direct", "direct"],
  ({ args: [{ shape }], attrs, operands, out }) => {
    const g = poolGeometry(shape, attrs), [from, of] = [operands[0].slot!, operands[1].slot!];
    const rows = pass(g.batch * g.y.out, (f, unit) => {
      const [n, oy] = coordinates(f, unit, [g.batch, g.y.out]);
      const [best, chosen, each, better] = f.locals("v128", 4);
      const x = f.base(from), values = f.base(of);
      const put = (w: Window, result: Local) => {
        f.get(f.base(out), w.out).op("i32.add").get(w.channel).op("i32.add").get(result);
        store(f, w);
      };
      // What is largest is itself what is wanted: pooling forward.
      const largest = (w: Window) => {
        search(
          f,
          g,
          n,
          w,
          x,
          { best, each },
          () => {},
          () => f.get(best, each).op("f32x4.pmax").set(best),
          () => f.get(best, each).op("f32x4.max").set(best),
        );
        put(w, best);
      };
      const select = (w: Window) => {
        const take = (offset: Local) => {
          load(f, w, values, offset);
          f.get(chosen, better).op("v128.bitselect").set(chosen);
        };
        search(
          f,
          g,
          n,
          w,
          x,
          { best, each },
          (offset) => {
            load(f, w, values, offset);
            f.set(chosen);
          },
          (offset) => {
            f.get(each, best).op("f32x4.gt").set(better);
            take(offset);
            f.get(best, each).op("f32x4.pmax").set(best);
          },
          (offset) => {
            beats(f, each, best).set(better);
            take(offset);
            f.get(each, best, better).op("v128.bitselect").set(best);
          },
        );
        put(w, chosen);
      };
      overWindows(f, g, n, oy, from === of ? largest : select);
    });
    return { passes: [rows], unfinished: true };
  },
);

/** Sets the image to zeros. */
function clear(f: Func, g: PoolGeometry, n: Local, out: number) {
  const bytes = 4 * g.y.size * g.x.size * g.channels;
  f.get(f.base(out), n).times(bytes).op("i32.add").i32(0).i32(bytes).op("memory.fill");
}

/** maxPoolScatter: window after window adds to the pixel that is largest in it. */
export const maxPoolScatter: Kernel = kernel(
  ["direct", "direct"],
  ({ args: [{ shape }], attrs, operands, out }) => {
    const g = poolGeometry(shape, attrs);
    const images = pass(g.batch, (f, n) => {
      const [best, each, place, winner, cotangent, better] = f.locals("v128", 6);
      const oy = f.local("i32");
      const x = f.base(operands[0].slot!), gradient = f.base(operands[1].slot!);
      clear(f, g, n, out);
      f.count(oy, g.y.out, () => {
        overWindows(f, g, n, oy, (w) => {
          const count = () => f.get(place).integers(1).op("i32x4.add").set(place);
          search(
            f,
            g,
            n,
            w,
            x,
            { best, each },
            () => f.integers(0).set(winner).integers(0).set(place),
            () => {
              f.get(place, winner, each, best).op("f32x4.gt", "v128.bitselect").set(winner);
              f.get(best, each).op("f32x4.pmax").set(best);
              count();
            },
            () => {
              beats(f, each, best).set(better);
              f.get(place, winner, better).op("v128.bitselect").set(winner);
              f.get(each, best, better).op("v128.bitselect").set(best);
              count();
            },
          );
          f.get(gradient, w.out).op("i32.add").get(w.channel).op("i32.add").access(loadName(w));
          f.set(cotangent).integers(0).set(place);
          overPixels(f, g, n, w, (offset) => {
            const target = () => f.get(f.base(out), offset).op("i32.add");
            target();
            target().access(loadName(w));
            f.get(cotangent, winner, place).op("i32x4.eq", "v128.and", "f32x4.add");
            store(f, w);
            count();
          });
        });
      });
    });
    return { passes: [images], unfinished: true };
  },
);

const areaOf = (f: Func, w: Window) => f.get(w.area).op("i32x4.splat", "f32x4.convert_i32x4_s");

/** avgPool. */
export const avgPool: Kernel = kernel(["direct"], ({ args: [{ shape }], attrs, operands, out }) => {
  const g = poolGeometry(shape, attrs);
  const rows = pass(g.batch * g.y.out, (f, unit) => {
    const [n, oy] = coordinates(f, unit, [g.batch, g.y.out]), total = f.local("v128");
    overWindows(f, g, n, oy, (w) => {
      f.floats(0).set(total);
      overPixels(f, g, n, w, (offset) => {
        f.get(total);
        load(f, w, f.base(operands[0].slot!), offset);
        f.op("f32x4.add").set(total);
      });
      f.get(f.base(out), w.out).op("i32.add").get(w.channel).op("i32.add").get(total);
      areaOf(f, w).op("f32x4.div");
      store(f, w);
    });
  });
  return { passes: [rows], unfinished: true };
});

/** avgPoolGradient: window after window adds its share to every pixel. */
export const avgPoolGradient: Kernel = kernel(["direct"], ({ spec, attrs, operands, out }) => {
  const g = poolGeometry(spec.shape, attrs);
  const images = pass(g.batch, (f, n) => {
    const share = f.local("v128"), oy = f.local("i32");
    clear(f, g, n, out);
    f.count(oy, g.y.out, () => {
      overWindows(f, g, n, oy, (w) => {
        f.get(f.base(operands[0].slot!), w.out).op("i32.add").get(w.channel).op("i32.add");
        f.access(loadName(w));
        areaOf(f, w).op("f32x4.div").set(share);
        overPixels(f, g, n, w, (offset) => {
          const target = () => f.get(f.base(out), offset).op("i32.add");
          target();
          target().access(loadName(w)).get(share).op("f32x4.add");
          store(f, w);
        });
      });
    });
  });
  return { passes: [images], unfinished: true };
});
