/**
 * The observer that writes a run's folder as the run proceeds.
 *
 * @module
 */
import { readCsv } from "./csv.ts";
import type { Observer, ResumedFrom, RunEvent } from "./events.ts";
import type { RunFolder } from "./run_folder.ts";
import { LAYERS, STAGES, STEPS } from "./tables.ts";

/** Continues the tables of an earlier session, up to the checkpoint that the run resumes from. */
async function continueTables(folder: RunFolder, from: ResumedFrom | undefined): Promise<void> {
  const layers = from ? await readCsv(LAYERS, folder.path) ?? [] : [];
  const steps = from ? await readCsv(STEPS, folder.path) ?? [] : [];
  const reached = ({ step }: { readonly step: number }) => step <= from!.step;
  await folder.continueAfter(from?.epochs ?? [], layers.filter(reached), steps.filter(reached));
  folder.continueStages(await readCsv(STAGES, folder.path) ?? []);
}

const now = () => new Date().toISOString();

/** Writes the events of a run to its folder. */
export function recordRun(folder: RunFolder): Observer {
  let profile: Readonly<Record<string, unknown>> | undefined, stepsPerEpoch = NaN;
  return async (event: RunEvent) => {
    switch (event.kind) {
      case "start":
        ({ stepsPerEpoch } = event);
        if (event.resumed) await continueTables(folder, event.resumed.from);
        break;
      case "initialization":
        if (event.report) await folder.lsuv(event.report);
        if (event.cost) await folder.manifest({ status: "running", initialisation: event.cost });
        break;
      case "memory":
        await folder.manifest({ status: "running", memory: event.memory });
        break;
      case "stage":
        await folder.stage(event.row);
        break;
      case "layers":
        await folder.layers(event.rows);
        break;
      case "loss": {
        const { step, epoch, epochLoss } = event;
        await folder.step({ step, epoch, epochLoss }, stepsPerEpoch);
        break;
      }
      case "checkpoint":
        await folder.check();
        break;
      case "epoch":
        await folder.epoch(event.row);
        break;
      case "profile":
        profile = event.summary;
        await folder.profile(event.rows);
        break;
      case "end": {
        const { status, results } = event;
        await folder.manifest({ status, ended: now(), results, profile });
        break;
      }
      case "failure":
        // Where the disk is full this fails too; the first error is the one to report.
        await folder.manifest({ status: "failed", ended: now(), fault: event.fault })
          .catch(() => {});
    }
  };
}
