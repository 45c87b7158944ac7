/**
 * Steps that are the same but for numbers: where they begin in their slots, and constants. Code that is given
 * these numbers serves all of them.
 *
 * @module
 */
import { canonicalStep } from "./canonicalize.ts";
import type { Step } from "./plan.ts";

/** From how many on, steps that differ in numbers alone share code that is given these numbers. */
const MANY = 4;

/** Of some steps, those that many others differ from in numbers alone. */
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
