/**
 * The graph of tensors: edges to arguments, and its topological order.
 *
 * @module
 */
import type { Tensor } from "./tensor.ts";

/** The tensors that a tensor's elements are computed from: its arguments; for a view only the first. */
export const sourcesOf = ({ op, args }: Tensor): readonly Tensor[] =>
  op.kind === "view" ? args.slice(0, 1) : args;

/**
 * The tensors that `roots` depend on, themselves included, in topological order: arguments first.
 *
 * @param argsOf The edges to follow; all arguments if left out.
 */
export function topological(
  roots: readonly Tensor[],
  stop: (x: Tensor) => boolean = () => false,
  argsOf: (x: Tensor) => readonly Tensor[] = (x) => x.args,
): Tensor[] {
  const done = new Set<Tensor>(), order: Tensor[] = [];
  const stack: [Tensor, number][] = [];
  for (const root of roots) {
    if (done.has(root)) continue;
    done.add(root);
    stack.push([root, 0]);
    while (stack.length) {
      const top = stack[stack.length - 1]!;
      const args = stop(top[0]) ? [] : argsOf(top[0]);
      if (top[1] < args.length) {
        const arg = args[top[1]++]!;
        if (!done.has(arg)) {
          done.add(arg);
          stack.push([arg, 0]);
        }
      } else {
        order.push(top[0]);
        stack.pop();
      }
    }
  }
  return order;
}
