/**
 * Times the interpreter op by op, for profiles.
 *
 * @module
 */
import { asArg, asArgs } from "../../spec.ts";
import type { Tensor } from "../../tensor.ts";
import { showShapes, type StepCost } from "../../plan/cost.ts";
import type { Profiler } from "../profile.ts";
import { compute } from "./evaluate.ts";

function countFlops(x: Tensor): number {
  if (x.op.kind === "kernel") {
    return x.op.flops(asArgs(x.args), asArg(x), x.attrs);
  }
  return x.op.kind === "map" && x.args.length > 0 && x.dtype === "f32" ? x.size : 0;
}

const opCost = (x: Tensor): StepCost => ({
  kernel: x.op.name,
  shape: showShapes(x.op.kind === "kernel" ? x.args.map(({ shape }) => shape) : [], x.shape),
  flops: countFlops(x),
  bytes: 8 * x.args.reduce((sum, { size }) => sum + size, x.size),
});

/** {@linkcode compute}, recording the time of each op. */
export const measured = (profiler: Profiler): typeof compute => (x, args) => {
  if (x.op.kind === "leaf") return compute(x, args);
  const from = performance.now(), y = compute(x, args);
  profiler.meter(opCost(x))(performance.now() - from, 1);
  return y;
};
