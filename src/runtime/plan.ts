/**
 * Compiled functions: an executable, and the origin of each tensor of the result.
 *
 * @module
 */
import type { Executable, Graph } from "../device/device.ts";
import { alias } from "../ops/mod.ts";
import type { Spec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { TreeForm } from "../tree_form.ts";
import type { Trace } from "./trace.ts";

/** The origin of a tensor of the result. */
export interface Source {
  /** Its index among the executable's outputs; or… */
  readonly output?: number;
  /** …that of the input that is passed on. */
  readonly input?: number;
}

/** A compiled function. It keeps only captured tensors alive. */
export interface CompiledPlan {
  readonly executable: Executable;
  /** The structure of the result. */
  readonly form: TreeForm;
  /** The specs of its leaves. */
  readonly outputs: readonly Spec[];
  /** The origin of each leaf. */
  readonly sources: readonly Source[];
  /** Tensors on the device that the function captured; passed after the arguments. */
  readonly captured: readonly Tensor[];
}

/** Compiles a traced function; `compile` is the device's. */
export function compilePlan(
  { inputs, outputs, result, captured }: Trace,
  compile: (graph: Graph) => Executable,
): CompiledPlan {
  const given = [...inputs, ...captured], produce: Tensor[] = [];
  const inputOf = new Map(inputs.map((x, i) => [x, i])), taken = new Set(given);
  const sources = outputs.map((x): Source => {
    const input = inputOf.get(x);
    if (input !== undefined) return { input };
    // Each output is a separate value: a repeated, captured or constant one is copied.
    produce.push(x.op.kind === "leaf" || taken.has(x) ? alias(x) : x);
    taken.add(x);
    return { output: produce.length - 1 };
  });
  const executable = compile({ inputs: given, outputs: produce });
  const specs = outputs.map(({ shape, dtype }) => ({ shape, dtype }));
  return {
    executable,
    form: new TreeForm(result),
    outputs: specs,
    sources,
    captured,
  };
}
