/**
 * Comparing what a device computes with float64.
 *
 * @module
 */
import { AssertionError } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { Shape } from "../../src/shape.ts";
import type { Data } from "../../src/host_data.ts";
import { Tensor } from "../../src/tensor.ts";
import { topological } from "../../src/graph.ts";
import { assertRead, filled, forEachDevice, largest, type Tolerance } from "../devices.ts";

/** A function of tensors, at some inputs. */
export interface Sample {
  readonly name: string;
  readonly inputs: readonly Tensor[];
  readonly f: (...xs: Tensor[]) => readonly Tensor[];
  readonly tolerance?: Tolerance;
}

interface Expected {
  readonly outputs: readonly Tensor[];
  readonly values: readonly Float64Array[];
}

const known = new WeakMap<Sample, Expected>();

function expectedOf(sample: Sample): Expected {
  const found = known.get(sample);
  if (found) return found;
  const outputs = sample.f(...sample.inputs);
  const made = { outputs, values: evaluate(outputs) };
  known.set(sample, made);
  return made;
}

/** Whether a device may compute a tensor by Winograd's algorithms, which round more. */
const mayBeWinograd = ({ op, args }: Tensor) =>
  op.name.startsWith("conv2d") &&
  args.some(({ shape }) => shape.length === 4 && shape.at(-1)! >= 8 && shape.at(-1)! % 8 === 0);

/** Single precision: a few roundings, and for kernels, which add up, on the scale of the largest. */
function toleranceOf(y: Tensor, values: Float64Array): Tolerance {
  const all = topological([y]), adds = all.some((x) => x.op.kind === "kernel");
  const scale = all.some(mayBeWinograd) ? 1e-5 : 3e-6;
  return { relative: 1e-5, absolute: adds ? scale * Math.max(largest(values), 1e-3) : 1e-6 };
}

/** Asserts that a runtime computes what float64 gives, for every sample; tells all that differ. */
export async function assertAgrees(run: Runtime, samples: readonly Sample[]): Promise<void> {
  const faults: string[] = [];
  const attempt = async (name: string, check: () => Promise<void>) => {
    try {
      await check();
    } catch (error) {
      faults.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  };
  for (const sample of samples) {
    const { outputs, values } = expectedOf(sample);
    await attempt(sample.name, async () => {
      const call = run.jit((xs: readonly Tensor[]) => sample.f(...xs));
      const read = await run.read(call(sample.inputs)) as readonly Data[];
      outputs.forEach((y, i) => {
        const tolerance = sample.tolerance ?? toleranceOf(y, values[i]!);
        assertRead(read[i]!, values[i]!, y, tolerance, `output ${i}`);
      });
    });
  }
  if (faults.length > 0) {
    throw new AssertionError(`${faults.length} of ${samples.length} differ:\n${faults.join("\n")}`);
  }
}

/** A sample at filled tensors of some shapes, or at given ones. */
export const sample = (
  name: string,
  inputs: readonly (Shape | Tensor)[],
  f: Sample["f"],
): Sample => ({
  name,
  f,
  inputs: inputs.map((x, i) => x instanceof Tensor ? x : filled(x, i)),
});

/** Registers tests that every device computes the samples as float64 does. */
export function agree(criterion: string, ...samples: readonly Sample[]): void {
  forEachDevice(criterion, (run) => assertAgrees(run, samples));
}
