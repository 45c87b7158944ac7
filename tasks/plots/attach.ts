/**
 * Drawing the figures of a run, as an observer that a training task attaches.
 *
 * @module
 */
import type { Attach } from "../run/attach.ts";
import type { Observer } from "../run/events.ts";
import type { TrainValues } from "../training/options/mod.ts";

/** Draws the figures of a run once it is trained; prints at its end why there are none, if so. */
function drawFigures(): Observer {
  let folder: string, fault: string | undefined;
  return async (event) => {
    if (event.kind === "start") folder = event.folder;
    else if (event.kind === "weights") {
      fault = await (await import("./draw_run.ts")).drawRun(folder);
    } else if (event.kind === "end" && fault) console.error(fault);
  };
}

/** Draws the figures where the options ask for them. */
export const attachFigures: Attach<TrainValues> = ({ figures }) =>
  Promise.resolve(
    figures ? { observe: drawFigures(), [Symbol.asyncDispose]: async () => {} } : undefined,
  );
