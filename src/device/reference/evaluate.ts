/**
 * A float64 interpreter of the graph: slow and simple, the oracle that other devices are tested with.
 *
 * @module
 */
import { concatRegions } from "../../ops/concat.ts";
import { isFlat, sizeOf, type View } from "../../shape.ts";
import { asArg, asArgs, showSpec } from "../../spec.ts";
import { sourcesOf, topological } from "../../graph.ts";
import type { Tensor } from "../../tensor.ts";
import { known } from "../../tuple.ts";

/** Reads a view of `source`, with zeros outside its bounds. */
export function readView(source: Float64Array, view: View): Float64Array {
  if (isFlat(view, source.length)) return source;
  const out = new Float64Array(sizeOf(view.shape));
  const rank = view.shape.length;
  let next = 0;
  const walk = (d: number, at: number, inside: boolean) => {
    if (d === rank) {
      if (inside) out[next] = source[at]!;
      next++;
      return;
    }
    const { stride, lo, hi, every } = view.axes[d]!;
    for (let c = 0; c < view.shape[d]!; c++) {
      const ok = inside && c >= lo && c < hi && (c - lo) % every === 0;
      walk(d + 1, ok ? at + ((c - lo) / every) * stride : 0, ok);
    }
  };
  walk(0, view.offset, true);
  return out;
}

function concatenate(x: Tensor, args: readonly Float64Array[]): Float64Array {
  const y = new Float64Array(x.size);
  concatRegions(x.args, x, x.attrs.axis as number).forEach(({ offset, inner, stride }, k) => {
    const part = args[k]!;
    for (let from = 0, to = offset; from < part.length; from += inner, to += stride) {
      y.set(part.subarray(from, from + inner), to);
    }
  });
  return y;
}

/** From this magnitude on, a number rounds to infinity in f32. */
const BEYOND = 2 ** 128 - 2 ** 103;

/** Makes numbers too large for f32 infinite right where they are computed, as on every other device. */
function overflowed(y: Float64Array): Float64Array {
  for (let i = 0; i < y.length; i++) if (Math.abs(y[i]!) >= BEYOND) y[i]! *= Infinity;
  return y;
}

/** Computes the elements of one tensor from those of its arguments. */
export function compute(x: Tensor, args: readonly Float64Array[]): Float64Array {
  const y = elements(x, args);
  return x.dtype === "f32" && (x.op.kind === "map" || x.op.kind === "kernel") ? overflowed(y) : y;
}

function elements(x: Tensor, args: readonly Float64Array[]): Float64Array {
  switch (x.op.kind) {
    case "leaf":
      if (x.data) return Float64Array.from(x.data);
      throw new Error(`reference: expected a value for ${x.op.name} ${showSpec(x)}, found none`);
    case "view":
      return readView(args[0]!, x.op.view(asArg(x.args[0]!), x.attrs));
    case "concat":
      return concatenate(x, args);
    case "kernel":
      return x.op.reference(
        known(args),
        asArgs(x.args),
        asArg(x),
        x.attrs,
      );
    case "map": {
      const f = x.op.reference(x.attrs, x.dtype), y = new Float64Array(x.size);
      const [a, b, c] = args;
      for (let i = 0; i < y.length; i++) y[i] = f(a?.[i]!, b?.[i]!, c?.[i]!, i);
      return y;
    }
  }
}

/**
 * Evaluates tensors in float64.
 *
 * @param given The values of tensors at which evaluation stops; host data needs none.
 * @param step Computes each tensor, instead of {@linkcode compute}.
 * @throws Error if a placeholder or a tensor of another runtime has no value.
 */
export function evaluate(
  outputs: readonly Tensor[],
  given: ReadonlyMap<Tensor, Float64Array> = new Map(),
  step: typeof compute = compute,
): Float64Array[] {
  const values = new Map(given);
  const order = topological(outputs, (x) => given.has(x), sourcesOf);
  const uses = new Map<Tensor, number>();
  for (const x of order) for (const a of sourcesOf(x)) uses.set(a, (uses.get(a) ?? 0) + 1);
  const kept = new Set(outputs);
  for (const x of order) {
    if (given.has(x)) continue;
    const sources = sourcesOf(x);
    values.set(x, step(x, sources.map((a) => values.get(a)!)));
    for (const a of sources) {
      const left = uses.get(a)! - 1;
      uses.set(a, left);
      if (left === 0 && !kept.has(a) && !given.has(a)) values.delete(a);
    }
  }
  return outputs.map((x) => values.get(x)!);
}
