/**
 * The order of steps.
 *
 * @module
 */
import { sizeOf } from "../shape.ts";
import { type Plan, readsOf, type Step, storesOf } from "./plan.ts";

/**
 * The steps of a plan in an order that keeps few values alive: of those that are ready, the one that
 * frees most next. So a weight's gradient is taken as soon as its layer's cotangent is there, while
 * both lie in the cache, and no cotangent waits for the end of the backward pass.
 */
export function schedule(plan: Plan): Step[] {
  const bytes = plan.slots.map((s) => s.kind === "temporary" ? sizeOf(s.shape) : 0);
  const reads = plan.steps.map(readsOf);
  const readers = plan.slots.map(() => [] as number[]);
  reads.forEach((slots, i) => slots.forEach((s) => readers[s].push(i)));
  const left = readers.map((list) => list.length);
  const stored = plan.steps.map((step) => storesOf(step).map(({ slot }) => slot));
  const computed = new Set(stored.flat());
  const missing = reads.map((slots) => slots.filter((s) => computed.has(s)).length);
  const gain = (i: number) =>
    reads[i].reduce((sum, s) => left[s] === 1 ? sum + bytes[s] : sum, 0) -
    stored[i].reduce((sum, s) => sum + bytes[s], 0);
  const ready = new Set(plan.steps.flatMap((_, i) => missing[i] === 0 ? [i] : []));
  const order: Step[] = [];
  while (ready.size) {
    let best = -1, most = -Infinity;
    for (const i of ready) {
      const own = gain(i);
      if (own > most || (own === most && i < best)) {
        best = i;
        most = own;
      }
    }
    ready.delete(best);
    order.push(plan.steps[best]);
    for (const s of reads[best]) left[s]--;
    for (const s of stored[best]) {
      for (const i of readers[s]) if (--missing[i] === 0) ready.add(i);
    }
  }
  return order;
}
