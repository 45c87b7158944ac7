/**
 * Reverse-mode automatic differentiation: one backward walk over the graph, itself differentiable.
 *
 * @module
 */
import { checkFunction } from "./host_data.ts";
import { sumCotangents } from "./cotangents.ts";
import { alias, constant } from "./ops/mod.ts";
import { type Params, Tensor } from "./tensor.ts";
import { showSpec } from "./spec.ts";
import { topological } from "./graph.ts";
import { leaves, unflatten } from "./tree.ts";
import { known } from "./tuple.ts";

let differentiating = 0;

/**
 * Whether a function is being differentiated now; nothing may be computed then, since that would detach its
 * graph.
 */
export const isDifferentiating = (): boolean => differentiating > 0;

/** Calls a function to inspect its graph, as differentiation does: nothing may be computed inside it. */
export function withoutComputing<T>(f: () => T): T {
  differentiating++;
  try {
    return f();
  } finally {
    differentiating--;
  }
}

/** A scalar, and anything else that a function returns beside it. */
export type WithAuxiliary<X> = readonly [value: Tensor, auxiliary: X];

/** Splits a function's result; throws TypeError unless its value is f32[]. */
function checkValue<X>(result: Tensor | WithAuxiliary<X>): Tensor {
  const y: unknown = Array.isArray(result) && result.length === 2 ? result[0] : result;
  if (y instanceof Tensor && y.rank === 0 && y.dtype === "f32") return y;
  const found = y instanceof Tensor
    ? showSpec(y)
    : Array.isArray(y)
    ? `a list of ${y.length}`
    : String(y);
  throw new TypeError(
    `grad: expected a function that returns f32[], or [f32[], auxiliary], found ${found}`,
  );
}

/**
 * A function that returns the value of `f` and its gradient with respect to the first argument, a tree of
 * the same structure. `f` must return an f32 scalar, shape [], or a pair of it and an auxiliary output of
 * any type, which is then returned beside the value, as it is.
 *
 * @throws TypeError if `f` returns anything else, or the first argument holds integers.
 *
 * @example
 * ```ts
 * import { open, ops, type Tensor, tensor, valueAndGrad } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const loss = (p: { w: Tensor; b: Tensor }) => ops.sum(ops.add(ops.mul(p.w, 3), p.b));
 * const [value, gradient] = valueAndGrad(loss)({ w: tensor([1, 2]), b: tensor(0.5) });
 * console.assert((await run.read(value))[0] === 10 && (await run.read(gradient.b))[0] === 2);
 * ```
 *
 * @example An auxiliary output
 * ```ts
 * import { open, ops, type Tensor, tensor, valueAndGrad } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const loss = (w: Tensor) => {
 *   const y = ops.mul(w, 3);
 *   return [ops.sum(ops.mul(y, y)), { y }] as const;
 * };
 * const [[value, { y }], gradient] = valueAndGrad(loss)(tensor([1, 2]));
 * console.assert((await run.read([value, y, gradient])).join() === "45,3,6,18,36");
 * ```
 */
export function valueAndGrad<P extends Params, A extends readonly unknown[], X>(
  f: (params: P, ...rest: A) => WithAuxiliary<X>,
): (params: P, ...rest: A) => readonly [WithAuxiliary<X>, P];
/** {@linkcode valueAndGrad} of a function without an auxiliary output. */
export function valueAndGrad<P extends Params, A extends readonly unknown[]>(
  f: (params: P, ...rest: A) => Tensor,
): (params: P, ...rest: A) => readonly [Tensor, P];
export function valueAndGrad<P extends Params, A extends readonly unknown[], X>(
  f: (params: P, ...rest: A) => Tensor | WithAuxiliary<X>,
): (params: P, ...rest: A) => readonly [Tensor | WithAuxiliary<X>, P] {
  checkFunction("grad", f);
  return (params, ...rest) => {
    const integers = leaves<Tensor>(params).find((x) => x.dtype !== "f32");
    if (integers) {
      throw new TypeError(`grad: expected f32 parameters, found ${showSpec(integers)}`);
    }
    // Fresh nodes, so that the same tensor captured by f's closure counts as a constant.
    const inputs = rebuild(params, alias);
    const result = withoutComputing(() => f(inputs, ...rest));
    const cotangents = backward(checkValue(result), new Set(leaves<Tensor>(inputs)));
    return [result, rebuild(inputs, (x) => cotangents.get(x) ?? constant(0, x.shape))];
  };
}

/**
 * {@linkcode valueAndGrad} without the value and the auxiliary output.
 *
 * @example
 * ```ts
 * import { grad, open, ops, type Tensor, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const gradient = grad((x: Tensor) => ops.sum(ops.mul(x, x)));
 * console.assert((await run.read(gradient(tensor([1, 2, 3])))).join() === "2,4,6");
 * ```
 */
export function grad<P extends Params, A extends readonly unknown[]>(
  f: (params: P, ...rest: A) => Tensor | WithAuxiliary<unknown>,
): (params: P, ...rest: A) => P {
  const both = valueAndGrad(f as (params: P, ...rest: A) => Tensor);
  return (params, ...rest) => both(params, ...rest)[1];
}

const rebuild = <P extends Params>(params: P, f: (x: Tensor) => Tensor): P =>
  unflatten(params, leaves<Tensor>(params).map(f)) as unknown as P;

/** The cotangents of those `inputs` that the scalar `y` depends on. */
function backward(y: Tensor, inputs: ReadonlySet<Tensor>): Map<Tensor, Tensor> {
  const order = topological([y], (x) => inputs.has(x));
  const needed = new Set<Tensor>(inputs);
  for (const x of order) if (x.args.some((a) => needed.has(a))) needed.add(x);
  const parts = new Map<Tensor, Tensor[]>([[y, [constant(1)]]]);
  const cotangents = new Map<Tensor, Tensor>();
  for (const x of order.toReversed()) {
    const own = parts.get(x);
    if (!own || !needed.has(x)) continue;
    const cotangent = sumCotangents(own);
    if (inputs.has(x)) cotangents.set(x, cotangent);
    else if (x.op.vjp) {
      x.op.vjp(cotangent, known(x.args), x, x.attrs).forEach((part, i) => {
        const arg = x.args[i]!;
        if (!part || !needed.has(arg)) return;
        const before = parts.get(arg);
        if (before) before.push(part);
        else parts.set(arg, [part]);
      });
    }
  }
  return cotangents;
}
