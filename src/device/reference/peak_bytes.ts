/**
 * The most memory that an evaluation holds at a time.
 *
 * @module
 */
import type { Graph } from "../device.ts";
import { sourcesOf, topological } from "../../graph.ts";
import { isFlat } from "../../shape.ts";
import { asArg } from "../../spec.ts";
import type { Tensor } from "../../tensor.ts";

/** Bytes of a number. */
const FLOAT64 = 8;

/** For each tensor, the one whose elements it has: for a view of all of them in order, its argument's. */
function findOwners(order: readonly Tensor[]): ReadonlyMap<Tensor, Tensor> {
  const owners = new Map<Tensor, Tensor>();
  for (const x of order) {
    const { op, args: [source], attrs } = x;
    const isShared = op.kind === "view" && isFlat(op.view(asArg(source!), attrs), source!.size);
    owners.set(x, isShared ? owners.get(source!)! : x);
  }
  return owners;
}

/**
 * The most bytes of values at a time: each is held from where it is computed to its last use, inputs and outputs
 * to the end.
 */
export function peakBytes({ inputs, outputs }: Graph): number {
  const order = topological(outputs, undefined, sourcesOf), owners = findOwners(order);
  const kept = new Set([...inputs, ...outputs].map((x) => owners.get(x) ?? x));
  const last = new Map<Tensor, number>(order.map((x, i) => [owners.get(x)!, i]));
  order.forEach((x, i) => {
    for (const source of sourcesOf(x)) last.set(owners.get(source)!, i);
  });
  const ended = new Float64Array(order.length);
  for (const [x, i] of last) if (!kept.has(x)) ended[i]! += FLOAT64 * x.size;
  let bytes = 0, most = 0;
  order.forEach((x, i) => {
    if (owners.get(x) === x) bytes += FLOAT64 * x.size;
    most = Math.max(most, bytes);
    bytes -= ended[i]!;
  });
  return most;
}
