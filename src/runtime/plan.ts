/**
 * Compiled functions: an executable, and the origin of each tensor of the result.
 *
 * @module
 */
import type { Executable, Graph } from "../device/device.ts";
import { alias } from "../ops/mod.ts";
import type { Spec } from "../spec.ts";
import type { Params, Tensor } from "../tensor.ts";
import { leaves } from "../tree.ts";
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

/** Options of a compiled function. */
export interface PlanOptions {
  /** Whether the tensors of each element of its result lie one after another in memory. */
  readonly inParts?: boolean;
}

/** The tensors of each element of a result, by index. */
function partsOf(result: Params, outputs: readonly Tensor[]): readonly (readonly number[])[] {
  const types = [...new Set(outputs.map(({ dtype }) => dtype))];
  if (!Array.isArray(result) || types.length !== 1) {
    throw new TypeError(
      "jit: expected a function with observe to return an array of trees of one element type, found " +
        (Array.isArray(result) ? types.join(" and ") || "no tensors" : "no array"),
    );
  }
  let next = 0;
  return result.map((tree: Params) => leaves<Tensor>(tree).map(() => next++));
}

/** Compiles a traced function; `compile` is the device's. */
export function compilePlan(
  { inputs, outputs, result, captured }: Trace,
  compile: (graph: Graph) => Executable,
  { inParts = false }: PlanOptions = {},
): CompiledPlan {
  const given = [...inputs, ...captured], produce: Tensor[] = [];
  const inputOf = new Map(inputs.map((x, i) => [x, i])), taken = new Set(given);
  const sources = outputs.map((x): Source => {
    const input = inParts ? undefined : inputOf.get(x);
    if (input !== undefined) return { input };
    // Each output is a separate value: a repeated, captured or constant one is copied.
    produce.push(x.op.kind === "leaf" || taken.has(x) ? alias(x) : x);
    taken.add(x);
    return { output: produce.length - 1 };
  });
  const parts = inParts && { parts: partsOf(result, outputs) };
  const executable = compile({ inputs: given, outputs: produce, ...parts });
  const specs = outputs.map(({ shape, dtype }) => ({ shape, dtype }));
  return {
    executable,
    form: new TreeForm(result),
    outputs: specs,
    sources,
    captured,
  };
}
