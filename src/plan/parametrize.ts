/**
 * Finds steps that differ only in numbers (slot offsets and constants), so that one parametrized kernel
 * serves them all.
 *
 * @module
 */
import { canonicalStep } from "./canonicalize.ts";
import type { Step } from "./plan.ts";

/** From this many variants on, steps that differ only in numbers share parametrized code. */
const MANY = 4;

/** The steps that differ from many others only in numbers. */
export function parametricSteps(steps: readonly Step[]): ReadonlySet<Step> {
  const alike = new Map<string, { readonly steps: Step[]; readonly numbers: Set<string> }>();
  for (const step of steps) {
    const { form, bindings, constants } = canonicalStep(step);
    const numbers = [...bindings.map(({ offset }) => offset), ...constants].join();
    const found = alike.get(form);
    if (found) {
      found.steps.push(step);
      found.numbers.add(numbers);
    } else alike.set(form, { steps: [step], numbers: new Set([numbers]) });
  }
  return new Set(
    [...alike.values()].flatMap(({ steps, numbers }) => numbers.size < MANY ? [] : steps),
  );
}
