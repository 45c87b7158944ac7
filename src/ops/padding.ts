/**
 * Padding by zeros, another number, or a tensor's own elements.
 *
 * @module
 */
import { showValue } from "../host_data.ts";
import { showSpec } from "../spec.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { constant } from "./constant.ts";
import { gather } from "./gather.ts";
import { where } from "./scalar.ts";
import { pad as padZeros, type PadWidths } from "./slice.ts";

/** Which elements {@linkcode pad} puts around a tensor. */
export type PadMode = "constant" | "edge" | "reflect" | "wrap";

/** Options of {@linkcode pad}. */
export interface PadOptions {
  /**
   * `constant`: the `value`; `edge`: the outermost element (PyTorch's `replicate`); `reflect`: those within, as in
   * a mirror at the outermost element; `wrap`: those of the other end (PyTorch's `circular`). `constant` if left
   * out.
   */
  readonly mode?: PadMode;
  /** The number for `constant`; 0 if left out. */
  readonly value?: number;
}

/** For a mode, the index within 0…n-1 of an element at any index. */
const INDICES: Readonly<Record<Exclude<PadMode, "constant">, (i: number, n: number) => number>> = {
  edge: (i, n) => Math.min(Math.max(i, 0), n - 1),
  wrap: (i, n) => (i % n + n) % n,
  reflect: (i, n) => {
    const period = 2 * (n - 1), at = period === 0 ? 0 : (i % period + period) % period;
    return at < n ? at : period - at;
  },
};

/**
 * A tensor with `[before, after]` elements around each axis: zeros, or by `mode` another number or its own
 * elements. As NumPy's `pad`.
 *
 * @throws RangeError on negative widths, not a pair for each axis, or an unknown mode.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([1, 2, 3]);
 * const all = await run.read([
 *   ops.pad(x, [[1, 2]]),
 *   ops.pad(x, [[1, 0]], { value: -1 }),
 *   ops.pad(x, [[2, 1]], { mode: "reflect" }),
 *   ops.pad(x, [[1, 1]], { mode: "wrap" }),
 * ]);
 * console.assert(all.map(String).join(" ") === "0,1,2,3,0,0 -1,1,2,3 3,2,1,2,3,2 3,1,2,3,1");
 * ```
 */
export function pad(
  x: Tensor,
  widths: PadWidths,
  { mode = "constant", value = 0 }: PadOptions = {},
): Tensor {
  const padded = padZeros(x, widths);
  if (padded === x) return x;
  if (mode === "constant") {
    if (value === 0) return padded;
    return where(padZeros(constant(1, x.shape, "u32"), widths), padded, value);
  }
  if (!Object.hasOwn(INDICES, mode)) {
    throw new RangeError(
      `pad: expected mode constant, ${Object.keys(INDICES).join(", ")} for ${showSpec(x)}, found ${
        showValue(mode)
      }`,
    );
  }
  const index = INDICES[mode];
  return widths.reduce((y, [before, after], axis) => {
    if (before + after === 0) return y;
    const n = x.shape[axis]!, size = before + n + after;
    const at = Int32Array.from({ length: size }, (_, i) => index(i - before, n));
    return gather(y, tensor(at), { axis });
  }, x);
}
