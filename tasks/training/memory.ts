/**
 * The memory that a training run needs: in words, in a manifest, and as an error that names options.
 *
 * @module
 */
import { MemoryError } from "../../src/device/memory_error.ts";
import { showBytes } from "../../src/show/bytes.ts";
import { memoryGroups, type TrainingMemory, TrainingMemoryError } from "../../src/train/mod.ts";
import type { MemoryFacts } from "../run/manifest.ts";

/** From this share of what is available on, a run is warned of. */
const TIGHT = 0.8;

/** What a manifest says of the memory of a run. */
export function memoryFacts(needed: TrainingMemory, available: number | undefined): MemoryFacts {
  const { activations = 0, "weights and state": state = 0 } = memoryGroups(needed);
  return {
    total: needed.total,
    device: needed.deviceTotal,
    activations,
    state,
    dataset: needed.host.dataset,
    ...(available !== undefined && { available: Math.floor(available) }),
  };
}

/** The line about the memory of a run. */
export function memoryLine({ total, activations, state, dataset, available }: MemoryFacts): string {
  const images = dataset > 0 ? `; images ${showBytes(dataset)} besides` : "";
  const there = available === undefined ? "" : `, of ${showBytes(available)} available`;
  return `memory: about ${showBytes(total)}${there} (activations ${showBytes(activations)}, ` +
    `weights and state ${showBytes(state)}${images})`;
}

/** A warning where a run takes nearly all memory; undefined where it does not. */
export function memoryWarning({ total, available = Infinity }: MemoryFacts): string | undefined {
  if (total < TIGHT * available) return undefined;
  return `memory: expected to need less than ${100 * TIGHT} % of the ${
    showBytes(available, 3)
  } available, found ${
    showBytes(total, 3)
  }; a smaller --batch or --accumulate leaves room for other programs`;
}

/** An error of a run that does not fit, in terms of options; any other error as it is. */
export function inOptions(error: unknown): unknown {
  if (!(error instanceof TrainingMemoryError)) return error;
  const { found, fits: { batch, accumulate } } = error;
  const parts = accumulate === undefined ? "" : `, or --accumulate ${accumulate}`;
  const instead = batch === undefined
    ? "a smaller --batch or --net"
    : `--batch ${batch} or less${parts}`;
  return new MemoryError(found.replace(/^fit: /, "--batch: "), `use ${instead}`);
}

/** Computes initial parameters; where that needs too much memory, the error names the options. */
export async function initializeWithin<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MemoryError)) throw error;
    throw new MemoryError(
      `initialization: ${error.found}`,
      "use a smaller --lsuv-batch or --batch",
    );
  }
}
