/**
 * The compute passes that a plan's dispatches are recorded in.
 *
 * @module
 */

/** The passes of one run. */
export interface Passes {
  /** Records what no pass may hold, such as copies that the next dispatch needs. */
  between(record: () => void): void;
  /** The pass of the next dispatch. */
  next(): GPUComputePassEncoder;
  /** Ends the last pass. */
  end(): void;
}

/** Times the dispatches of one plan, run by run. */
export interface PassTimer {
  /** The passes to record a run in. */
  passes(encoder: GPUCommandEncoder): Passes;
  /** Records taking the timings out; call what it returns once that is submitted. */
  resolve(encoder: GPUCommandEncoder): () => void;
  /** Gives everything back. */
  dispose(): void;
}

/** As few passes as there can be. */
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
