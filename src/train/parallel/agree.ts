/**
 * How several processes start alike.
 *
 * @module
 */
import type { Distributed } from "../../distributed/mod.ts";
import type { Data } from "../../host_data.ts";
import type { Runtime } from "../../runtime/mod.ts";
import { owning, type Params, type Tensor } from "../../tensor.ts";
import { leaves, unflatten } from "../../tree.ts";
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

/** The tensors of process 0, in all processes. */
export async function shareTensors<T extends Params>(
  run: Runtime,
  job: Distributed,
  tree: T,
): Promise<T> {
  const own = leaves<Tensor>(tree), read = await run.read(own) as readonly Data[];
  for (const data of read) job.broadcast(data);
  const shared = read.map((data, i) => owning(data, own[i]!.shape));
  return unflatten<T, Tensor, Tensor>(tree, shared) as unknown as T;
}
