/**
 * Custom ops: functions with a gradient that the caller defines.
 *
 * @module
 */
import { counted } from "../counted.ts";
import { checkFunction } from "../host_data.ts";
import { apply, type Tensor, type ViewOp } from "../tensor.ts";
import { showSpec } from "../spec.ts";
import { aliasOp } from "./view.ts";

/** The cotangent of each argument, or null where it has none. */
export type Gradients<A extends readonly Tensor[]> = { readonly [K in keyof A]: Tensor | null };

/**
 * A function of other ops with a gradient of its own, as JAX's `custom_vjp`: for a gradient that has a
 * simpler or numerically more stable form, or where the true one is useless, as that of rounding. It runs
 * on every device, and its gradient, being made of ops, is differentiable too.
 *
 * @param name The op's name in errors; any will do.
 * @param f What it computes.
 * @param vjp The vector-Jacobian product: the cotangents of the arguments, each of its argument's shape,
 * from the cotangent of the result, the arguments and the result.
 *
 * @example Rounding with a straight-through gradient
 * ```ts
 * import { grad, open, ops, type Tensor, tensor } from "@goodinit/goodinit";
 *
 * const round = ops.custom("round", (x) => ops.floor(ops.add(x, 0.5)), (cotangent) => [cotangent]);
 *
 * await using run = await open({ device: "reference" });
 * const gradient = grad((x: Tensor) => ops.sum(ops.mul(round(x), 3)))(tensor([0.2, 1.7]));
 * console.assert((await run.read(gradient)).join() === "3,3");
 * ```
 */
export function custom<A extends readonly Tensor[] = [Tensor]>(
  name: string,
  f: (...args: A) => Tensor,
  vjp: (cotangent: Tensor, args: A, y: Tensor) => Gradients<A>,
): (...args: A) => Tensor {
  checkFunction(`custom ${name}`, f);
  checkFunction(`custom ${name}`, vjp);
  const op: ViewOp = {
    ...aliasOp,
    name,
    custom: true,
    vjp: (cotangent, [, ...args], y) => {
      const gradients: readonly (Tensor | null)[] = vjp(cotangent, args as unknown as A, y);
      checkGradients(name, args, gradients);
      return [null, ...gradients];
    },
  };
  return (...args) => apply(op, [f(...args), ...args]);
}

function checkGradients(
  name: string,
  args: readonly Tensor[],
  gradients: readonly (Tensor | null)[],
): void {
  if (gradients.length !== args.length) {
    throw new RangeError(
      `${name}: expected a gradient for each of ${
        counted(args.length, "argument")
      }, found ${gradients.length}`,
    );
  }
  gradients.forEach((gradient, i) => {
    if (!gradient || showSpec(gradient) === showSpec(args[i]!)) return;
    throw new RangeError(
      `${name}: expected a gradient ${showSpec(args[i]!)} for argument ${i}, found ${
        showSpec(gradient)
      }`,
    );
  });
}
