/**
 * The error of a training run that a step has ended: the step is replayed with checks, and the last good
 * parameters are found.
 *
 * @module
 */
import { shareOf } from "../../data/loader/share.ts";
import type { Distributed } from "../../distributed/mod.ts";
import { withinShare } from "../../nn/batch_share.ts";
import { constant } from "../../ops/mod.ts";
import { foldIn } from "../../random.ts";
import type { Runtime } from "../../runtime/mod.ts";
import type { Params } from "../../tensor.ts";
import { partsOf } from "../accumulation.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { newestCheckpoint } from "../checkpoint/checkpoint_folder.ts";
import { unflattenNamed } from "../safetensors/params_file.ts";
import { DivergedError } from "../diverged_error.ts";
import type { BestEpoch } from "../events.ts";
import type { FitOptions } from "../fit_options.ts";
import type { TrainingInput } from "../input/training_data.ts";
import type { BadStep, Session } from "../session.ts";
import { reopenData, severalProcesses, type TrainingSetup } from "../setup.ts";
import { trainingOf } from "../take_steps.ts";
import { examineStep, type Replay } from "./examine.ts";
import type { NonFinite } from "./finding.ts";
import { describeEnd } from "./policy.ts";
import { outcomeOf, type Snapshot } from "./recovery.ts";

/** A run that a step has ended. */
export interface Ended<P extends Params, S extends Params> {
  readonly options: FitOptions<P, S>;
  readonly setup: TrainingSetup;
  readonly session: Session<P, S>;
  readonly fault: BadStep;
}

/** The first batch of an input, as the inputs of a compiled function; undefined if there is none. */
async function firstInputs(input: TrainingInput): Promise<Params | undefined> {
  for await (const { batch } of input.train()) return input.inputs(batch);
}

/** The step that ended the run, in the parts in which it was computed. */
function* replaysOf<P extends Params, S extends Params>(
  { options, setup, session: { carry: { key } }, fault: { step } }: Ended<P, S>,
  input: TrainingInput,
  inputs: Params,
  start: Snapshot<P, S>,
): Generator<Replay<P, S>, void> {
  const { optimizer, accumulate = 1 } = options, first = constant(0, [], "u32");
  const all = {
    training: trainingOf(options, setup),
    optimizer,
    start,
    step: constant(step, [], "i32"),
    materialize: (inputs: Params) => input.materialize(inputs, "train"),
  };
  if (accumulate === 1) return yield { ...all, key: foldIn(key, all.step), inputs };
  for (const { inputs: own, part } of partsOf(inputs, first, accumulate)) {
    yield { ...all, key: foldIn(foldIn(key, part), all.step), inputs: own };
  }
}

/** Replays the step; the first of its numbers that are not finite. */
async function replay<P extends Params, S extends Params>(
  run: Runtime,
  ended: Ended<P, S>,
  start: Snapshot<P, S>,
): Promise<NonFinite | undefined> {
  const { options, setup, session: { epochs }, fault: { step } } = ended;
  const data = await reopenData(run, options, setup, { step, epochs });
  await using input = data.open({ step, epochs });
  const inputs = await firstInputs(input), job = severalProcesses(options);
  if (!inputs) return undefined;
  const share = job && shareOf(options.batch!, job);
  for (const each of replaysOf(ended, input, inputs, start)) {
    const found = await examineStep(run, each, (f) => share ? withinShare(share, f) : f());
    if (found) return found;
  }
}

/** What was found, or why nothing was. */
type Search = { readonly found?: NonFinite | undefined; readonly unknown?: string };

/** The finding of the first process that has one, in all of them. */
function shareFinding(job: Distributed, own: Search): Search {
  const first = Float64Array.of(own.found ? job.rank : job.size);
  job.allReduce(first, "min");
  const from = first[0]!;
  if (from === job.size) return { unknown: "it is so only in the sum of all processes" };
  const bytes = new TextEncoder().encode(JSON.stringify(own.found ?? {}));
  const length = Int32Array.of(bytes.length);
  job.broadcast(length, from);
  const text = new Uint8Array(length[0]!);
  if (job.rank === from) text.set(bytes);
  job.broadcast(text, from);
  return { found: JSON.parse(new TextDecoder().decode(text)) };
}

/** Replays the step if that can be done; a replay that fails must not hide what it is for. */
async function search<P extends Params, S extends Params>(
  run: Runtime,
  ended: Ended<P, S>,
  start: Snapshot<P, S>,
): Promise<Search> {
  const job = severalProcesses(ended.options);
  const own = await replay(run, ended, start).then(
    (found): Search => found ? { found } : { unknown: "all were finite when it was replayed" },
    (error): Search => ({ unknown: `it cannot be replayed: ${error.message}` }),
  );
  return job ? shareFinding(job, own) : own;
}

/** The last good parameters. */
interface Kept<P extends Params> {
  readonly params: P;
  readonly averages?: P | undefined;
  readonly keptStep: number;
}

/** The tensors of a checkpoint whose names begin with a part of the carry's, as a tree. */
function partOf<P extends Params>({ tensors }: Checkpoint, part: string, like: P): P {
  const own = [...tensors].flatMap(([name, tensor]) =>
    name.startsWith(`${part}.`) ? [[name.slice(part.length + 1), tensor] as const] : []
  );
  return unflattenNamed(new Map(own), like);
}

/**
 * The parameters of the last checkpoint of at most so many steps, or those at the start, where no others were
 * kept.
 */
async function savedParams<P extends Params, S extends Params>(
  { checkpoint, resume, params, averaging }: FitOptions<P, S>,
  mostSteps: number,
): Promise<Kept<P>> {
  // What cannot be read must not hide the divergence.
  const found = checkpoint &&
    await newestCheckpoint(checkpoint.folder, mostSteps).catch(() => undefined);
  const resumed = resume?.checkpoint, isGood = resumed && resumed.step <= mostSteps;
  const from = found?.checkpoint ?? (isGood ? resumed : undefined);
  const part = (name: string) => from ? partOf(from, name, params) : params;
  return {
    params: part("params"),
    ...(averaging !== undefined && { averages: part("averages") }),
    keptStep: from?.step ?? 0,
  };
}

/**
 * The error of a run that a step has ended.
 *
 * @param best The best epoch, where it is kept.
 */
export async function divergence<P extends Params, S extends Params>(
  run: Runtime,
  ended: Ended<P, S>,
  best: BestEpoch<P> | undefined,
): Promise<DivergedError<P>> {
  const { options, setup, session, fault: { step, badParams, goodStep: keptStep } } = ended;
  const { carry, epochs } = session, since = session.step - step;
  const outcome = outcomeOf(carry, carry.recovery?.last, setup.policy, { since, badParams });
  const { bad, good } = outcome;
  const kept = good
    ? { params: good.params, averages: good.averages, keptStep }
    : await savedParams(options, keptStep);
  return new DivergedError({
    step,
    epoch: epochs.length,
    batch: step - (epochs.at(-1)?.step ?? 0),
    ...kept,
    best,
    after: describeEnd(setup.policy),
    ...await search(run, ended, bad),
  });
}
