/**
 * Attaching the live page as an observer to a single run or an experiment.
 *
 * @module
 */
import type { GridEvent } from "../experiments/events.ts";
import type { ExperimentValues } from "../experiments/plan.ts";
import { scheduledShard } from "../experiments/shards/scheduler.ts";
import type { Attach, Attached } from "../run/attach.ts";
import type { Observer, StartEvent } from "../run/events.ts";
import { describeSettings } from "../training/describe.ts";
import type { TrainValues } from "../training/options/mod.ts";
import type { Emit, LiveEvent } from "./events.ts";
import { openLivePage } from "./live_page.ts";
import { observeGrid } from "./observe_grid.ts";
import { observeRun } from "./observe_run.ts";
import { observeSharedGrid } from "./observe_shared_grid.ts";

/** The event that describes a single run. */
function sessionEvent({ settings, manifest: { command, device } }: StartEvent): LiveEvent {
  const { dataset, net, activation, init } = settings;
  const title = `${dataset}, ${net} ${activation}, ${init}`;
  const facts = { title, command, device: `${device.name}: ${device.description}` };
  return { kind: "session", facts };
}

/** Shows the only run of a page: the page ends with it. */
function observeSingleRun(emit: Emit): Observer {
  let observe: Observer;
  return async (event) => {
    if (event.kind === "start") {
      emit(sessionEvent(event));
      observe = observeRun(
        (event) => emit({ kind: "run", key: "", event }),
        describeSettings(event.settings),
      );
    }
    await observe(event);
    if (event.kind === "end") emit({ kind: "end", status: event.status });
    else if (event.kind === "failure") emit({ kind: "end", status: "failed" });
  };
}

/** Opens a live page where the options ask for one, and shows the run on it. */
export const attachLivePage: Attach<TrainValues> = async (values) => {
  const page = await openLivePage(values);
  return page && Object.assign(page, { observe: observeSingleRun(page.emit) });
};

/** Opens a page of a grid that several programs share; of those on one machine each has a port of its own. */
async function attachToShared(values: ExperimentValues): Promise<Attached<GridEvent> | undefined> {
  await using opening = new AsyncDisposableStack();
  const page = opening.use(await openLivePage(values, { orAnyPort: true }));
  if (!page) return undefined;
  const { observe } = opening.use(observeSharedGrid(page.emit)), opened = opening.move();
  return { observe, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Opens a live page where the options ask for one, and shows the experiment on it. */
export const attachLivePageToGrid: Attach<ExperimentValues, GridEvent> = async (values) => {
  if (values.shard !== undefined || scheduledShard()) return await attachToShared(values);
  const page = await openLivePage(values);
  return page && Object.assign(page, { observe: observeGrid(page.emit) });
};
