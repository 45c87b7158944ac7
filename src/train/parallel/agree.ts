/**
 * How several processes start alike.
 *
 * @module
 */
import type { Distributed } from "../../distributed/mod.ts";
import { CheckpointError } from "../checkpoint/checkpoint.ts";

/** Throws CheckpointError unless every process starts at the same step. */
export function checkSameStep(job: Distributed, step: number): void {
  const [least, most] = (["min", "max"] as const).map((reduction) => {
    const found = Float64Array.of(step);
    job.allReduce(found, reduction);
    return found[0]!;
  });
  if (least === most) return;
  throw new CheckpointError(
    `fit: expected every process to resume from the same step, found steps ${least} to ${most}; the ` +
      "checkpoints' folder must be one that all machines share",
  );
}
