/**
 * Max pooling and its adjoint.
 *
 * @module
 */
import { poolGeometry } from "../../../../ops/pool_geometry.ts";
import { type Kernel, kernel } from "../../kernel.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { bandsOfGradient, type BandWindow } from "./bands.ts";
import { eachVector, load, overChannels, store } from "./channels.ts";
import { rowsOfWindows } from "./rows.ts";
import { scatter } from "./scatter.ts";
import { search, type Searched } from "./search.ts";
import type { Window } from "./windows.ts";

/** maxPoolSelect: the second argument at the maximum of the first. */
export const maxPoolSelect: Kernel = kernel(["direct", "direct"], (context) => {
  const { args: [{ shape }], attrs, operands } = context, g = poolGeometry(shape, attrs);
  const [x, values] = [operands[0].slot!, operands[1].slot!];
  // In forward pooling both arguments are the same: the result is the maximum itself.
  const slots = x === values ? [x] : [x, values], find = x === values ? search : findAtLargest;
  const visit = (exact: boolean) => (f: Func, window: Window, to: Local) => {
    const from = slots.map((slot) => {
      const pointer = f.local("i32");
      f.get(f.base(slot), window.source).op("i32.add").set(pointer);
      return pointer;
    }) as unknown as Searched["from"];
    overChannels(f, g.channels, [...from, to], (block) => {
      const found = find(f, { g, window, block, from }, exact);
      eachVector(block, (v, offset) => store(f.get(to, found[v]!), block, offset));
    });
  };
  return { passes: [rowsOfWindows(context, g, visit(false), visit(true))] };
});

/** Finds the elements of the second tensor at the maximum of the first. */
function findAtLargest(f: Func, searched: Searched, exact: boolean): readonly Local[] {
  const { block, from } = searched, chosen = f.locals("v128", block.offsets.length) as Local[];
  eachVector(block, (v, offset) => load(f.get(from[1]!), block, offset).set(chosen[v]!));
  search(f, searched, exact, {
    take: (v, { at: [, values], offset }, better) => {
      load(f.get(values!), block, offset).get(chosen[v]!, better).op("v128.bitselect");
      f.set(chosen[v]!);
    },
  });
  return chosen;
}

/** maxPoolScatter: each window, in order, adds to the pixel of its maximum. */
export const maxPoolScatter: Kernel = kernel(["direct", "direct"], (context) => {
  const { args: [{ shape }], attrs, operands, out } = context, g = poolGeometry(shape, attrs);
  const image = operands[0].slot!;
  const visit = (exact: boolean) => (f: Func, window: BandWindow) => {
    const at = { image: f.local("i32"), cotangent: f.local("i32"), target: f.local("i32") };
    f.get(f.base(image), window.source).op("i32.add").set(at.image);
    f.get(f.base(operands[1].slot!), window.result).op("i32.add").set(at.cotangent);
    f.get(f.base(out), window.source).op("i32.add").set(at.target);
    overChannels(f, g.channels, Object.values(at), (block) => {
      scatter(f, g, window, block, at, exact);
    });
  };
  return { passes: [bandsOfGradient(context, g, image, visit(false), visit(true))] };
});
