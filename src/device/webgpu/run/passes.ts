/**
 * The compute passes that a plan's dispatches are recorded in.
 *
 * @module
 */
import type { Stamps } from "../profile/timestamps.ts";

/** The passes of one run. */
export interface Passes {
  /** Records what no pass may hold, such as copies that the next dispatch needs. */
  between(record: () => void): void;
  /** The pass of the next dispatch. */
  next(): GPUComputePassEncoder;
  /** Ends the last pass. */
  end(): void;
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

/** A pass for each dispatch, timed together with what is recorded before it. */
export function timedPasses(encoder: GPUCommandEncoder, stamps: Stamps): Passes {
  let pass: GPUComputePassEncoder | undefined, timing = 0, begun = false;
  const end = () => {
    pass?.end();
    pass = undefined;
  };
  return {
    between(record) {
      end();
      encoder.beginComputePass({ timestampWrites: stamps.of(timing, true, false) }).end();
      begun = true;
      record();
    },
    next() {
      end();
      pass = encoder.beginComputePass({ timestampWrites: stamps.of(timing++, !begun, true) });
      begun = false;
      return pass;
    },
    end,
  };
}
