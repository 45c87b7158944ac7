/**
 * The same elements elsewhere: reversed, shifted, repeated, with axes of size 1 more or fewer.
 *
 * @module
 */
import { showValue } from "../host_data.ts";
import { type Axes, normalizeAxes } from "../shape.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { broadcastTo } from "./broadcast.ts";
import { checkTensor } from "./check.ts";
import { concat } from "./concat.ts";
import { custom } from "./custom.ts";
import { gather } from "./gather.ts";
import { iota, sub } from "./scalar.ts";
import { slice } from "./slice.ts";
import { reshape, transpose } from "./view.ts";

/** Elements from…to-1 of an axis. */
const part = (x: Tensor, axis: number, from: number, to: number): Tensor =>
  slice(x, x.shape.map((_, i) => i === axis ? from : 0), x.shape.with(axis, to));

const flipped = (x: Tensor, axes: readonly number[]): Tensor =>
  axes.filter((axis) => x.shape[axis]! > 1).reduce(
    (y, axis) => gather(y, sub(x.shape[axis]! - 1, iota(x.shape[axis]!)), { axis }),
    x,
  );

/**
 * The elements in reverse order along axes, all if left out.
 *
 * @throws RangeError if there is no such axis.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.flip(tensor([[1, 2], [3, 4]]), 1));
 * console.assert(y.join() === "2,1,4,3");
 * ```
 */
export function flip(x: Tensor, axes?: Axes): Tensor {
  checkTensor("flip", x);
  const over = normalizeAxes("flip", axes, x.shape);
  // Its own gradient, which adds nothing up.
  return custom("flip", (x) => flipped(x, over), (cotangent) => [flip(cotangent, over)])(x);
}

/**
 * The elements moved along an axis by `shift` places; those that leave at the end enter at the start.
 *
 * @param shift An integer; negative ones move to the start.
 * @param axis The axis, counted from the end if negative; the last if left out.
 * @throws RangeError if there is no such axis, or the shift is no integer.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.roll(tensor([1, 2, 3]), 1))).join() === "3,1,2");
 * ```
 */
export function roll(x: Tensor, shift: number, axis = -1): Tensor {
  checkTensor("roll", x);
  const [at] = normalizeAxes("roll", x.rank > 0 ? axis : [], x.shape) as [number?];
  if (!Number.isInteger(shift) || at === undefined) {
    throw new RangeError(
      `roll: expected an integer shift along an axis of ${showSpec(x)}, found ${showValue(shift)}`,
    );
  }
  const size = x.shape[at]!, cut = (size - shift % size) % size;
  return cut === 0 ? x : concat([part(x, at, cut, size), part(x, at, 0, cut)], at);
}

/** Throws RangeError unless a number of times is an integer of at least 1. */
function checkTimes(name: string, times: unknown): asserts times is number {
  if (Number.isInteger(times) && times as number >= 1) return;
  throw new RangeError(`${name}: expected times of at least 1, found ${showValue(times)}`);
}

/**
 * Each element repeated along an axis, one after another: 1, 1, 2, 2. As NumPy's `repeat` and PyTorch's
 * `repeat_interleave`.
 *
 * @param axis The axis, counted from the end if negative; the last if left out.
 * @throws RangeError if there is no such axis, or `times` is below 1.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.repeat(tensor([1, 2]), 2))).join() === "1,1,2,2");
 * ```
 */
export function repeat(x: Tensor, times: number, axis = -1): Tensor {
  checkTensor("repeat", x);
  checkTimes("repeat", times);
  const [at] = normalizeAxes("repeat", axis, x.shape) as [number];
  const before = x.shape.slice(0, at + 1), after = x.shape.slice(at + 1);
  const apart = broadcastTo(reshape(x, [...before, 1, ...after]), [...before, times, ...after]);
  return reshape(apart, x.shape.with(at, x.shape[at]! * times));
}

/**
 * The whole tensor repeated along each axis: 1, 2, 1, 2. As NumPy's `tile`; fewer numbers are for the last axes.
 *
 * @param times How many times along each axis.
 * @throws RangeError on numbers below 1.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.tile(tensor([1, 2]), [2]))).join() === "1,2,1,2");
 * console.assert(ops.tile(tensor([1, 2]), [3, 2]).shape.join() === "3,4");
 * ```
 */
export function tile(x: Tensor, times: readonly number[]): Tensor {
  checkTensor("tile", x);
  if (!Array.isArray(times)) {
    throw new RangeError(
      `tile: expected an array of times, one for each axis, found ${showValue(times)}`,
    );
  }
  for (const each of times) checkTimes("tile", each);
  const rank = Math.max(x.rank, times.length);
  const sizes = [...new Array<number>(rank - x.rank).fill(1), ...x.shape];
  const all = [...new Array<number>(rank - times.length).fill(1), ...times];
  const apart = reshape(x, sizes.flatMap((size) => [1, size]));
  const repeated = broadcastTo(apart, sizes.flatMap((size, i) => [all[i]!, size]));
  return reshape(repeated, sizes.map((size, i) => size * all[i]!));
}

/**
 * Without axes of size 1: those given, or all of size 1 if left out.
 *
 * @throws RangeError if an axis given has another size.
 *
 * @example
 * ```ts
 * import { ops, tensor } from "@goodinit/goodinit";
 *
 * console.assert(ops.squeeze(tensor([[[1], [2]]])).shape.join() === "2");
 * console.assert(ops.squeeze(tensor([[[1], [2]]]), 0).shape.join() === "2,1");
 * ```
 */
export function squeeze(x: Tensor, axes?: Axes): Tensor {
  checkTensor("squeeze", x);
  const over = axes === undefined
    ? [...x.shape.keys()].filter((i) => x.shape[i] === 1)
    : normalizeAxes("squeeze", axes, x.shape);
  const wrong = over.find((i) => x.shape[i] !== 1);
  if (wrong !== undefined) {
    throw new RangeError(`squeeze: expected axis ${wrong} of size 1, found ${showSpec(x)}`);
  }
  return reshape(x, x.shape.filter((_, i) => !over.includes(i)));
}

/**
 * With new axes of size 1, at the places that they have in the result. As NumPy's `expand_dims` and PyTorch's
 * `unsqueeze`.
 *
 * @throws RangeError if there are no such places.
 *
 * @example
 * ```ts
 * import { ops, tensor } from "@goodinit/goodinit";
 *
 * console.assert(ops.expandDims(tensor([1, 2]), 0).shape.join() === "1,2");
 * console.assert(ops.expandDims(tensor([1, 2]), [0, -1]).shape.join() === "1,2,1");
 * ```
 */
export function expandDims(x: Tensor, axes: Axes): Tensor {
  checkTensor("expandDims", x);
  const rank = x.rank + [axes].flat().length, sizes = [...x.shape];
  const places = normalizeAxes("expandDims", axes, x.shape, rank);
  return reshape(
    x,
    Array.from({ length: rank }, (_, i) => places.includes(i) ? 1 : sizes.shift()!),
  );
}

/**
 * An axis moved to another place; the others keep their order. As NumPy's `moveaxis`.
 *
 * @throws RangeError if there is no such axis or place.
 *
 * @example
 * ```ts
 * import { ops } from "@goodinit/goodinit";
 *
 * const images = ops.constant(0, [8, 3, 32, 32]); // Channels first, as in PyTorch.
 * console.assert(ops.moveAxis(images, 1, -1).shape.join() === "8,32,32,3");
 * ```
 */
export function moveAxis(x: Tensor, from: number, to: number): Tensor {
  checkTensor("moveAxis", x);
  const [source] = normalizeAxes("moveAxis", from, x.shape) as [number];
  const [place] = normalizeAxes("moveAxis", to, x.shape) as [number];
  const order = [...x.shape.keys()].filter((i) => i !== source);
  return transpose(x, order.toSpliced(place, 0, source));
}
