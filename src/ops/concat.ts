/**
 * concat, stack and split. A few tensors become a sum of padded ones, which fuses with neighboring ops; many are
 * each stored in their region of the result.
 *
 * @module
 */
import { normalizeAxes, sizeOf } from "../shape.ts";
import { apply, type ConcatOp, type Tensor } from "../tensor.ts";
import { showSpec, type Spec } from "../spec.ts";
import type { Tuple } from "../tuple.ts";
import { checkTensor, checkTensors } from "./check.ts";
import { add } from "./scalar.ts";
import { pad, slice } from "./slice.ts";
import { alias, reshape } from "./view.ts";

/** Up to this many tensors are padded and added. */
const FEW = 8;

/**
 * Where an argument's elements lie in a concatenation: `inner` consecutive ones out of every `stride`, from
 * `offset` on.
 */
export interface Region {
  readonly offset: number;
  readonly inner: number;
  readonly stride: number;
}

/** The region of each argument of a concatenation. */
export function concatRegions(args: readonly Spec[], y: Spec, axis: number): Region[] {
  const within = sizeOf(y.shape.slice(axis + 1)), stride = y.shape[axis]! * within;
  let offset = 0;
  return args.map(({ shape }) => {
    const inner = shape[axis]! * within, region = { offset, inner, stride };
    offset += inner;
    return region;
  });
}

/** Tensors concatenated along `axis`, each stored in its own region. */
export const concatOp: ConcatOp = {
  kind: "concat",
  name: "concat",
  infer: (args, { axis }) => ({
    dtype: args[0]!.dtype,
    shape: args[0]!.shape.map((d, i) => i === axis ? args.reduce((n, x) => n + x.shape[i]!, 0) : d),
  }),
  vjp: (g, args, _, { axis }) => {
    let from = 0;
    return args.map((x) => {
      const to = from + x.shape[axis as number]!;
      const part = slice(
        g,
        x.shape.map((_, i) => i === axis ? from : 0),
        x.shape.map((d, i) => i === axis ? to : d),
      );
      from = to;
      return part;
    });
  },
};

/**
 * Tensors concatenated along an axis.
 *
 * @throws RangeError unless all other sizes agree.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.concat([tensor([[1], [2]]), tensor([[3], [4]])], 1));
 * console.assert(y.join() === "1,3,2,4");
 * ```
 */
export function concat(xs: readonly Tensor[], axis = 0): Tensor {
  checkTensors("concat", xs);
  if (xs.length === 0) throw new RangeError("concat: expected at least one tensor, found none");
  const [at] = normalizeAxes("concat", axis, xs[0]!.shape) as Tuple<number, 1>;
  const fits = xs.every((x) =>
    x.rank === xs[0]!.rank && x.dtype === xs[0]!.dtype &&
    x.shape.every((d, i) => i === at || d === xs[0]!.shape[i])
  );
  if (!fits) {
    throw new RangeError(
      `concat: expected tensors that differ along axis ${at} alone, found ${
        xs.map(showSpec).join(", ")
      }`,
    );
  }
  if (xs.length > FEW) return apply(concatOp, xs.map(alias), { axis: at });
  const total = xs.reduce((n, x) => n + x.shape[at]!, 0);
  let before = 0;
  return xs.map((x) => {
    const after = total - before - x.shape[at]!;
    const part = pad(x, x.shape.map((_, i) => i === at ? [before, after] as const : [0, 0]));
    before += x.shape[at]!;
    return part;
  }).reduce(add);
}

/**
 * Tensors of one shape stacked along a new axis. Throws RangeError unless shapes and types agree.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.stack([tensor([1, 2]), tensor([3, 4])]));
 * console.assert(y.join() === "1,2,3,4");
 * ```
 */
export function stack(xs: readonly Tensor[], axis = 0): Tensor {
  checkTensors("stack", xs);
  if (xs.length === 0) throw new RangeError("stack: expected at least one tensor, found none");
  const [at] = normalizeAxes("stack", axis, xs[0]!.shape, xs[0]!.rank + 1);
  return concat(xs.map((x) => reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)])), at);
}

/**
 * A tensor split along an axis into equal parts, or into parts of given sizes; concat is its inverse. As
 * NumPy's `split` into equal parts, and PyTorch's into sizes. A size of 1 keeps its axis.
 *
 * @param parts The number of parts, or their sizes.
 * @param axis The axis, counted from the end if negative; 0 if left out.
 * @throws RangeError unless the parts add up to the size of the axis.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * const [top, bottom] = ops.split(x, 2), [left, rest] = ops.split(x, [1, 2], -1);
 * const all = await run.read([top, bottom, left, rest]);
 * console.assert(all.map((part) => part.join()).join(" ") === "1,2,3 4,5,6 1,4 2,3,5,6");
 * ```
 */
export function split<const N extends number | readonly number[]>(
  x: Tensor,
  parts: N,
  axis = 0,
): SplitParts<N> {
  checkTensor("split", x);
  const [at] = normalizeAxes("split", axis, x.shape) as Tuple<number, 1>, size = x.shape[at]!;
  const sizes = typeof parts === "number" && Number.isInteger(parts) && parts > 0
    ? Array.from({ length: parts }, () => size / parts)
    : parts as readonly number[];
  const fits = Array.isArray(sizes) && sizes.every((n) => Number.isInteger(n) && n > 0) &&
    sizes.reduce((total, n) => total + n, 0) === size;
  if (!fits) {
    throw new RangeError(
      `split: expected parts that add up to the ${size} elements of axis ${at} of ${
        showSpec(x)
      }, found ${typeof parts === "number" ? `${parts} equal ones` : JSON.stringify(parts)}`,
    );
  }
  let from = 0;
  return sizes.map((n) => {
    const part = slice(x, x.shape.map((_, i) => i === at ? from : 0), x.shape.with(at, from + n));
    from += n;
    return part;
  }) as SplitParts<N>;
}

/** A tensor for each part, as many as are written. */
export type SplitParts<N extends number | readonly number[]> = N extends number ? Tuple<Tensor, N>
  : { -readonly [K in keyof N]: Tensor };
