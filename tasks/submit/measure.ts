/**
 * How long runs take, by their first steps on this machine.
 *
 * @module
 */
import { TaskError } from "../cli/command.ts";
import type { Loaded } from "../datasets/load_data.ts";
import type { Observer } from "../run/events.ts";
import type { MemoryFacts } from "../run/manifest.ts";
import { type Settings, taskCommand, type TaskName } from "../run/settings.ts";
import { runTraining } from "../training/run_training.ts";

/** A run that is not trained yet. */
export interface Planned {
  readonly settings: Settings;
  readonly loadData: () => Promise<Loaded>;
}

/** What was measured. */
export interface Measured {
  /** Seconds of each run, in order. */
  readonly seconds: readonly number[];
  /** How many kinds of runs there are, of which one each was measured. */
  readonly kinds: number;
  /** The most memory that the process had, or will need as its plans say, in MiB. */
  readonly memory: number;
}

/** How runs are measured. */
interface Measuring {
  readonly task: TaskName;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Looks at the memory, and at what will be needed beside it, in bytes. */
  readonly look: (more?: number) => void;
}

/** Seconds for which a run is watched at most. */
const MOST = 90;

/** Settings on which the time of a step does not depend, or which others replace while measuring. */
const FREE =
  /^(seed|init|preInit|std|layerStds|gain|lsuv.*|normalize|rate.*|power|restart.*|warmup|momentum.*|weightDecay|decayBiases|clip|biasRate|layerRates|layerDecays|drop(At|By|Every)|preset|device|threads)$/;

/** What the time of a run depends on. */
const kindOf = (settings: Settings): string =>
  JSON.stringify(Object.entries(settings).filter(([name]) => !FREE.test(name)).sort());

/** Settings of a run that needs no other one before. */
function alone(settings: Settings): Settings {
  const { teacher: _, pretrain: __, distill: ___, temperature: ____, ...others } = settings;
  return others;
}

/** Whether more is trained than what is measured: a teacher's forward pass, or layers before the net. */
const hasMore = ({ teacher, pretrain }: Settings): boolean =>
  teacher !== undefined || pretrain !== undefined;

/** The bytes of a run in the host's memory: without the device's where that has its own, of which nothing is known. */
const hostBytes = ({ total, device, available }: MemoryFacts): number =>
  available === undefined ? total - device : total;

/**
 * Seconds of a whole run, with its initialization, by its first steps; undefined where it ended before
 * it had a speed.
 */
async function secondsOf(
  { task, threads, signal, look }: Measuring,
  { settings, loadData }: Planned,
): Promise<number | undefined> {
  const data = await loadData(), path = await Deno.makeTempDir(), ended = new AbortController();
  const began = performance.now(), elapsed = () => (performance.now() - began) / 1000;
  let seconds: number | undefined;
  const observer: Observer = (event) => {
    look(event.kind === "memory" ? hostBytes(event.memory) : 0);
    if (event.kind === "forecast") seconds = elapsed() + event.seconds;
    else if (event.kind === "step" && event.secondsLeft !== undefined) {
      seconds ??= elapsed() + event.secondsLeft;
    }
    if (event.kind === "forecast") ended.abort();
  };
  const timer = setTimeout(() => ended.abort(), 1000 * MOST);
  try {
    const { status } = await runTraining({
      task,
      settings: { ...alone(settings), dataset: data.dataset, epochs: settings.epochs },
      data,
      command: ["deno", "task", taskCommand(task)],
      claimFolder: () => Promise.resolve({ path, [Symbol.dispose]: () => {} }),
      threads,
      checkpointEvery: Infinity,
      signal: AbortSignal.any([ended.signal, signal]),
    }, observer);
    const whole = seconds ?? (status === "finished" ? elapsed() : undefined);
    return whole && (hasMore(settings) ? 2 : 1) * whole;
  } finally {
    clearTimeout(timer);
    await Deno.remove(path, { recursive: true });
  }
}

/** Measures the first run of a kind that gets so far. */
async function measureKind(measuring: Measuring, runs: readonly Planned[]): Promise<number> {
  for (const run of runs.slice(0, 3)) {
    const seconds = await secondsOf(measuring, run);
    if (seconds !== undefined || measuring.signal.aborted) return seconds ?? 0;
  }
  const { net } = runs[0]!.settings;
  throw new TaskError(
    `--time: expected a time, since no step of ${net} ended within ${MOST} seconds here`,
  );
}

/** Trains a few steps of each kind of run, for the seconds of all. */
export async function measureRuns(
  task: TaskName,
  runs: readonly Planned[],
  { threads, signal }: { readonly threads: number; readonly signal: AbortSignal },
): Promise<Measured> {
  const kinds = Map.groupBy(runs, ({ settings }) => kindOf(settings));
  const byKind = new Map<string, number>();
  let bytes = 0;
  const look = (more = 0) => void (bytes = Math.max(bytes, Deno.memoryUsage().rss + more));
  for (const [kind, same] of kinds) {
    byKind.set(kind, await measureKind({ task, threads, signal, look }, same));
  }
  return {
    seconds: runs.map(({ settings }) => byKind.get(kindOf(settings))!),
    kinds: kinds.size,
    memory: Math.ceil(bytes / 2 ** 20),
  };
}
