/**
 * Ops of the caller's own.
 *
 * @module
 */
import { apply, type Tensor, type ViewOp } from "../tensor.ts";
import { showSpec } from "../spec.ts";
import { aliasOp } from "./view.ts";

/** For each argument the gradient that reaches it, or null where none does. */
export type Gradients<A extends readonly Tensor[]> = { readonly [K in keyof A]: Tensor | null };

/**
 * An op made of others whose gradient is given rather than theirs: where it is known in a simpler or a
 * steadier form, or where the op has none that is of use. It runs on every device, and its gradient, being
 * made of ops, has a gradient too.
 *
 * @param name The op's name in errors; any will do.
 * @param f What it computes.
 * @param vjp From the gradient of the result to those of the arguments, each of its argument's shape; it is
 * also given the arguments and the result.
 *
 * @example Rounding through which gradients pass as if it were not there
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
      `${name}: expected a gradient for each of ${args.length} arguments, found ${gradients.length}`,
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
