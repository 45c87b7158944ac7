/**
 * Steps one after another as nodes of an ONNX graph.
 *
 * @module
 */
import type { Node } from "./onnx_node.ts";
import type { ExportStep } from "./step.ts";

/** The nodes of steps in sequence, from the value x to the value y. */
export function chain(steps: readonly ExportStep[], x: string, y: string): Node[] {
  if (steps.length === 0) return [{ opType: "Identity", name: y, input: [x], output: [y] }];
  const last = steps.length - 1;
  const after = (i: number) => i < 0 ? x : i === last ? y : `${steps[i]!.name}.value`;
  return steps.flatMap(({ name, onnx }, i) => onnx(name, after(i - 1), after(i)));
}
