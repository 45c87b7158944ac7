/**
 * Compute passes with timestamps, one per dispatch.
 *
 * @module
 */
import type { Passes } from "../run/passes.ts";
import type { Timestamps } from "./timestamps.ts";

/** One pass per dispatch, timed together with the copies recorded before it. */
export function timedPasses(encoder: GPUCommandEncoder, timestamps: Timestamps): Passes {
  let pass: GPUComputePassEncoder | undefined, timing = 0, begun = false;
  const end = () => {
    pass?.end();
    pass = undefined;
  };
  return {
    between(record) {
      end();
      encoder.beginComputePass({ timestampWrites: timestamps.writes(timing, true, false) }).end();
      begun = true;
      record();
    },
    next() {
      end();
      pass = encoder.beginComputePass({
        timestampWrites: timestamps.writes(timing++, !begun, true),
      });
      begun = false;
      return pass;
    },
    end,
  };
}
