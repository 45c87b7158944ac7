/**
 * The settings and the data of a run of several processes: process 0 resolves and downloads, the others load
 * what it has found.
 *
 * @module
 */
import { fingerprint, type PreparedSplits } from "../../../src/data/mod.ts";
import { TaskError } from "../../cli/command.ts";
import type { TaskName } from "../../run/settings.ts";
import type { TrainOptions } from "../options/mod.ts";
import { loadResolved, type PlannedRun, planRun } from "../plan_run.ts";
import type { ProcessGroup } from "./group.ts";
import { lead } from "./lead.ts";
import { gatherJson, meet } from "./messages.ts";

/** Loads on the first process of each machine, which fills its cache, and then on the others. */
async function inTurns<T>(group: ProcessGroup, load: () => Promise<T>): Promise<T> {
  const { job, hosts, localRank } = group, isFirst = localRank === 0;
  const early = isFirst ? await load() : undefined;
  if (hosts.length > 1) await meet(job);
  return early ?? await load();
}

/** Throws a {@linkcode TaskError} where this process has other images than process 0. */
async function checkAlike({ job }: ProcessGroup, { train, test }: PreparedSplits): Promise<void> {
  const own = { train: await fingerprint(train.dataset), test: await fingerprint(test.dataset) };
  const [first] = gatherJson(job, own);
  for (const split of ["train", "test"] as const) {
    if (own[split] === first![split]) continue;
    throw new TaskError(
      `data: expected the ${split} images of process 0, of SHA-256 ${first![split]}, found ${
        own[split]
      }`,
    );
  }
}

/** As {@linkcode planRun}, for all processes of a group, or for one alone. */
export async function planTogether(
  group: ProcessGroup | undefined,
  task: TaskName,
  parsed: TrainOptions,
  options: Parameters<typeof planRun>[2],
): Promise<PlannedRun> {
  if (!group) return await planRun(task, parsed, options);
  const { job: { size: processes } } = group;
  const found: PlannedRun | Omit<PlannedRun, "data"> & { readonly origin: unknown } = await lead(
    group,
    () => planRun(task, parsed, { ...options, processes }),
    ({ choice, settings, data: { origin } }) => ({ choice, settings, origin }),
  );
  const data = await inTurns(
    group,
    async () =>
      "data" in found ? found.data : await loadResolved(task, parsed, found, options.downloads),
  );
  await checkAlike(group, data.splits);
  return { choice: found.choice, settings: found.settings, data };
}
