/**
 * What a traced function is compiled to, and where the tensors of its result come from.
 *
 * @module
 */
import type { Executable, Graph } from "../device/device.ts";
import { alias } from "../ops/mod.ts";
import type { Spec } from "../spec.ts";
import { type Params, placeholder, type Tensor } from "../tensor.ts";
import { rebuild, type Trace } from "./trace.ts";

/** Where a tensor of the result comes from. */
export interface Source {
  /** Its place among the executable's outputs; or… */
  readonly output?: number;
  /** …that of the input that is passed on. */
  readonly input?: number;
}

/** A compiled function. It keeps no tensor but those that it closed over. */
export interface CompiledPlan {
  readonly executable: Executable;
  /** How the result nests. */
  readonly result: Params;
  /** What its leaves are. */
  readonly outputs: readonly Spec[];
  /** Where each comes from. */
  readonly sources: readonly Source[];
  /** Tensors on the device that the function closed over; given after the arguments. */
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
    // Each output is a value of its own: a repeated, captured or constant one is copied.
    produce.push(x.op.kind === "leaf" || taken.has(x) ? alias(x) : x);
    taken.add(x);
    return { output: produce.length - 1 };
  });
  const executable = compile({ inputs: given, outputs: produce });
  const specs = outputs.map(({ shape, dtype }) => ({ shape, dtype }));
  return {
    executable,
    result: rebuild(result, specs.map(placeholder)),
    outputs: specs,
    sources,
    captured,
  };
}
