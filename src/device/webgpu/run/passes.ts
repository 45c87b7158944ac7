/**
 * The compute passes in which a plan's dispatches are recorded.
 *
 * @module
 */

/** The passes of one run. */
export interface Passes {
  /** Records commands outside a pass, such as copies that the next dispatch needs. */
  between(record: () => void): void;
  /** The pass for the next dispatch. */
  next(): GPUComputePassEncoder;
  /** Ends the last pass. */
  end(): void;
}

/** Times the dispatches of one plan, run by run. */
export interface PassTimer {
  /** The passes to record a run in. */
  passes(encoder: GPUCommandEncoder): Passes;
  /** Records the read-back of the timings; the caller calls the returned function after submitting. */
  resolve(encoder: GPUCommandEncoder): () => void;
  /** Frees all buffers. */
  dispose(): void;
}

/** Passes without timing, as few as possible. */
export function fewPasses(encoder: GPUCommandEncoder): Passes {
  let pass = encoder.beginComputePass();
  return {
    between(record) {
      pass.end();
      record();
      pass = encoder.beginComputePass();
    },
    next: () => pass,
    end: () => pass.end(),
  };
}
