/**
 * Functions that transform blocks into Winograd's domain and back, all channels of a block at a time.
 *
 * Transformed blocks are laid out as [product][panel][block][channel of the panel], so that matrix products
 * over channels and over blocks read them sequentially.
 *
 * @module
 */
import { Func, type Local } from "../../../wasm/function.ts";
import type { Features } from "../../../features.ts";
import { alongBoth, type Transform } from "./algorithm.ts";

/** The memory layout of an image: the row and pixel strides in bytes. */
export interface Grid {
  readonly row: number;
  readonly pixel: number;
}

/** The memory layout of transformed blocks. */
export interface Domain {
  /** Channels of a panel. */
  readonly width: number;
  /** The product and panel strides in bytes. */
  readonly product: number;
  readonly panel: number;
}

/** Vectors processed together: pairs where the engine fuses them, if the channels fill them. */
const pairing = ({ wide }: Features, channels: number) => wide && channels % 8 === 0 ? 2 : 1;

const pair = (f: Func, count: number) => f.locals("v128", count);

/** A function (from, to) that transforms one image block; the last panel is filled only up to the channels. */
export function intoDomain(
  features: Features,
  transform: Transform,
  channels: number,
  grid: Grid,
  domain: Domain,
): Func {
  const f = new Func(["i32", "i32"]), [from, to] = f.inputs(2);
  const vectors = pairing(features, domain.width), panel = f.local("i32"), part = f.local("i32");
  const vector = () => {
    alongBoth(
      f,
      features,
      transform,
      (row, column) => {
        const value = pair(f, vectors);
        value.forEach((local, v) => {
          f.get(from).access("v128.load", row * grid.row + column * grid.pixel + 16 * v).set(local);
        });
        return value;
      },
      (row, column, value) =>
        value.forEach((local, v) => {
          const at = (row * transform.to + column) * domain.product + 16 * v;
          f.get(to, local).access("v128.store", at);
        }),
    );
    f.advance(from, 16 * vectors).advance(to, 16 * vectors);
  };
  f.count(panel, Math.floor(channels / domain.width), () => {
    f.count(part, domain.width / (4 * vectors), vector);
    f.advance(to, domain.panel - 4 * domain.width);
  });
  f.count(part, (channels % domain.width) / (4 * vectors), vector);
  return f;
}

/**
 * A function (from, to) that transforms one panel of a block back, and stores `height` by `width` pixels of
 * it.
 */
export function outOfDomain(
  features: Features,
  transform: Transform,
  channels: number,
  domain: Omit<Domain, "panel">,
  grid: Grid,
  height: number,
  width: number,
): Func {
  const f = new Func(["i32", "i32"]), [from, to] = f.inputs(2);
  const vectors = pairing(features, channels), part: Local = f.local("i32");
  f.count(part, channels / (4 * vectors), () => {
    alongBoth(
      f,
      features,
      transform,
      (row, column) => {
        const value = pair(f, vectors);
        value.forEach((local, v) => {
          const at = (row * transform.from + column) * domain.product + 16 * v;
          f.get(from).access("v128.load", at).set(local);
        });
        return value;
      },
      (row, column, value) => {
        if (row >= height || column >= width) return;
        value.forEach((local, v) => {
          f.get(to, local).access("v128.store", row * grid.row + column * grid.pixel + 16 * v);
        });
      },
    );
    f.advance(from, 16 * vectors).advance(to, 16 * vectors);
  });
  return f;
}
