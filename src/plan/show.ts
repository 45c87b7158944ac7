/**
 * Plans as text, for `explain`.
 *
 * @module
 */
import { showSpec } from "../spec.ts";
import { countBytes, countFlops } from "./cost.ts";
import { allStores, type Plan, readSlots } from "./plan.ts";

/** A plan as text, one step per line. */
export function showPlan(plan: Plan): string {
  const kinds = { input: "in", constant: "const", output: "out", temporary: "t" };
  const name = (s: number) => {
    const { kind, index } = plan.slots[s]!;
    return `${kinds[kind]}${kind === "temporary" ? s : index}`;
  };
  return plan.steps.map((step, i) =>
    `${String(i).padStart(3)}  ${allStores(step).map(({ slot }) => name(slot)).join(", ")} ${
      showSpec(step.spec)
    } = ${step.label}` +
    `(${readSlots(step).map(name).join(", ")})  ${countFlops(step)} flops, ${
      countBytes(plan, step)
    } bytes`
  ).join("\n");
}
