/**
 * The live page of a single run, as an observer that a training task attaches.
 *
 * @module
 */
import type { Observer } from "../run/events.ts";
import { describe } from "../training/recipe.ts";
import type { Attach } from "../training/train.ts";
import { openWatch } from "./live_page.ts";
import { observeRun } from "./observe_run.ts";

/** Opens a live page where the options ask for one, and shows the run on it. */
export const attachLivePage: Attach = async (values) => {
  const watch = await openWatch(values);
  if (!watch) return undefined;
  const run = observeRun({ watch, key: "" }, ({ settings }) => describe(settings));
  const observe: Observer = async (event) => {
    if (event.kind === "start") {
      const { settings: { dataset, net, activation, init }, manifest: { command, device } } = event;
      const title = `${dataset}, ${net} ${activation}, ${init}`;
      const facts = { title, command, device: `${device.name}: ${device.description}` };
      watch.tell({ kind: "whole", facts });
    }
    await run(event);
  };
  return { observe, [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose]() };
};
