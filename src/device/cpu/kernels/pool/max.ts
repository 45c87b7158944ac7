/**
 * Max pooling, one row of windows per unit, and its adjoint.
 *
 * @module
 */
import { type PoolGeometry, poolGeometry } from "../../../../ops/pool.ts";
import { type Kernel, kernel } from "../../kernel.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { bandsOfGradient, give, onlyFresh, type Visited } from "./bands.ts";
import { type Block, eachVector, load, overChannels, store } from "./channels.ts";
import { rowsOfWindows } from "./rows.ts";
import { type Search, search, type Searched } from "./search.ts";
import { overPixels } from "./windows.ts";

/** maxPoolSelect: the second argument at the maximum of the first. */
export const maxPoolSelect: Kernel = kernel(["direct", "direct"], (context) => {
  const { args: [{ shape }], attrs, operands } = context, g = poolGeometry(shape, attrs);
  const [x, values] = [operands[0].slot!, operands[1].slot!];
  // In forward pooling both arguments are the same: the result is the maximum itself.
  const slots = x === values ? [x] : [x, values], find = x === values ? findLargest : findAtLargest;
  const rows = rowsOfWindows(context, g, (f, window, to) => {
    const from = slots.map((slot) => {
      const pointer = f.local("i32");
      f.get(f.base(slot), window.source).op("i32.add").set(pointer);
      return pointer;
    }) as unknown as Searched["from"];
    overChannels(f, g.channels, [...from, to], (block) => {
      const found = find(f, { g, window, block, from });
      eachVector(block, (v, offset) => store(f.get(to, found[v]!), block, offset));
    });
  });
  return { passes: [rows] };
});

/** Finds the maximum of a window. */
const findLargest = (f: Func, searched: Searched): readonly Local[] =>
  search(f, searched, () => ({ quick: {}, exact: {} })).best;

/** Finds the elements of the second tensor at the maximum of the first. */
function findAtLargest(f: Func, searched: Searched): readonly Local[] {
  const { block, from } = searched, chosen = f.locals("v128", block.vectors);
  search(f, searched, ({ at: [, values] }) => {
    const visits = {
      start: () =>
        eachVector(block, (v, offset) => load(f.get(from[1]!), block, offset).set(chosen[v]!)),
      take: (v: number, offset: number, better: Local) =>
        load(f.get(values!), block, offset).get(chosen[v]!, better).op("v128.bitselect")
          .set(chosen[v]!),
    };
    return { quick: visits, exact: visits };
  });
  return chosen;
}

/** maxPoolScatter: each window, in order, adds to the pixel of its maximum. */
export const maxPoolScatter: Kernel = kernel(["direct", "direct"], (context) => {
  const { args: [{ shape }], attrs, operands, out } = context, g = poolGeometry(shape, attrs);
  const bands = bandsOfGradient(context, g, (f, visited) => {
    const { window } = visited, [image, cotangent, target] = f.locals("i32", 3);
    f.get(f.base(operands[0].slot!), window.source).op("i32.add").set(image);
    f.get(f.base(operands[1].slot!), window.result).op("i32.add").set(cotangent);
    f.get(f.base(out), window.source).op("i32.add").set(target);
    overChannels(
      f,
      g.channels,
      [image, cotangent, target],
      (block) => scatter(f, g, visited, block, { image, cotangent, target }),
    );
  });
  return { passes: [bands] };
});

/** Gives a window's cotangent to the pixel of its maximum. */
function scatter(
  f: Func,
  g: PoolGeometry,
  { window, before, within }: Visited,
  block: Block,
  { image, cotangent, target }: Readonly<Record<"image" | "cotangent" | "target", Local>>,
) {
  const left = f.locals("v128", block.vectors), winners = f.locals("v128", block.vectors);
  const [hit, place] = f.locals("v128", 2), [from, to] = f.locals("i32", 2);
  const next = () => f.get(place).integers(1).op("i32x4.add").set(place);
  /** Walks over the pixels; `pass` is what those before the band do, `share` pushes what others are given. */
  const walk = (
    pass: (v: number, offset: number) => void,
    share: (v: number, offset: number) => void,
    next = () => {},
  ) => {
    eachVector(block, (v, offset) => {
      onlyFresh(load(f.get(cotangent), block, offset), g, block).set(left[v]!);
    });
    f.get(image).set(from).get(target).set(to);
    if (before !== undefined) {
      overPixels(f, g, window, before, [from, to], (pixel) => {
        eachVector(block, (v, offset) => pass(v, pixel + offset));
        next();
      });
    }
    overPixels(f, g, window, within, [from, to], (pixel) => {
      eachVector(block, (v, offset) => {
        give(f, g, block, to, pixel + offset, () => share(v, pixel + offset));
      });
      next();
    });
  };
  const shareByValue = ({ best }: Search) => {
    // The first pixel with that value takes what is left.
    const take = (v: number, offset: number) => {
      load(f.get(from), block, offset).get(best[v]!).op("f32x4.eq").set(hit);
    };
    const keep = (v: number) => f.get(left[v]!, hit).op("v128.andnot").set(left[v]!);
    walk((v, offset) => {
      take(v, offset);
      keep(v);
    }, (v, offset) => {
      take(v, offset);
      f.get(left[v]!, hit).op("v128.and");
      keep(v);
    });
  };
  const shareByPlace = () => {
    f.integers(0).set(place);
    walk(() => {}, (v) => f.get(left[v]!, winners[v]!, place).op("i32x4.eq", "v128.and"), next);
  };
  search(f, { g, window, block, from: [image] }, () => ({
    quick: {},
    exact: {
      start: () => {
        f.integers(0).set(place);
        for (const winner of winners) f.integers(0).set(winner);
      },
      take: (v, _, better) =>
        f.get(place, winners[v]!, better).op("v128.bitselect").set(winners[v]!),
      next,
    },
  }), { quick: shareByValue, exact: shareByPlace });
}
