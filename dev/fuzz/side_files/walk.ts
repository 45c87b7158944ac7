/**
 * Walks all damage to the files that tasks read back, and says where a task did not end in one line.
 *
 * @module
 */
import {
  CHANGING,
  EXPERIMENT_READERS,
  makeExperiment,
  makeRun,
  type Reader,
  RUN_READERS,
} from "./cases.ts";
import { judge, made } from "./judge.ts";
import { damageCsv, type Damaged, damageJson, damageSafetensors } from "./mutations.ts";

/** A task that met a damaged file and did not end as it should. */
export interface Find {
  readonly task: string;
  readonly file: string;
  /** What was done to the file. */
  readonly damage: string;
  readonly fault: string;
}

/** How a walk goes. */
export interface WalkOptions {
  /** Every how many-th damage is tried; 1, all, if left out. */
  readonly every?: number;
  /** Which of them is the first, counted from 0. */
  readonly first?: number;
  /** The names of the tasks; all if left out. */
  readonly tasks?: readonly string[];
  /** The files; all if left out. */
  readonly files?: readonly string[];
  /** Called with the number of cases so far, and each find. */
  readonly report?: (cases: number, find?: Find) => void;
}

/** What a walk came to. */
export interface Walked {
  readonly cases: number;
  readonly finds: readonly Find[];
}

/** Copies a folder with all that is in it. */
async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/** All damage to a file. */
async function* damageOf(path: string): AsyncGenerator<Damaged, void> {
  if (path.endsWith(".safetensors")) {
    yield* damageSafetensors(await Deno.readFile(path));
    return;
  }
  const text = await Deno.readTextFile(path);
  yield* path.endsWith(".json") ? damageJson(text) : damageCsv(text);
}

/** Calls with a copy of a folder, which is removed then. */
async function withCopy<T>(from: string, to: string, work: () => Promise<T>): Promise<T> {
  await copyFolder(from, to);
  try {
    return await work();
  } finally {
    await Deno.remove(to, { recursive: true });
  }
}

/** Damages one file of a folder after another, and runs the tasks that read it. */
async function walkFolder(
  whole: string,
  files: readonly string[],
  readers: Readonly<Record<string, Reader>>,
  { every = 1, first = 0, tasks, report = () => {} }: WalkOptions,
): Promise<Walked> {
  const finds: Find[] = [], kept = `${whole}.damaged`, changed = `${whole}.changed`;
  const chosen = Object.entries(readers).filter(([name]) => !tasks || tasks.includes(name));
  let cases = 0, at = -first - 1;
  const judgeIn = async (
    folder: string,
    read: Reader,
    file: string,
    content: Damaged["content"],
  ) => {
    await Deno.writeFile(`${folder}/${file}`, content);
    return await judge(() => read(folder));
  };
  // Copying takes longer than most tasks do, so those that change nothing share a copy.
  await withCopy(whole, kept, async () => {
    for (const file of files) {
      for await (const { what, content } of damageOf(`${whole}/${file}`)) {
        for (const [task, read] of chosen) {
          if (++at < 0 || at % every > 0) continue;
          const fault = CHANGING.includes(task)
            ? await withCopy(whole, changed, () => judgeIn(changed, read, file, content))
            : await judgeIn(kept, read, file, content);
          const find = fault === undefined ? undefined : { task, file, damage: what, fault };
          if (find) finds.push(find);
          report(++cases, find);
        }
      }
      await Deno.copyFile(`${whole}/${file}`, `${kept}/${file}`);
    }
  });
  return { cases, finds };
}

const RUN_FILES = [
  "manifest.json",
  "epochs.csv",
  "lsuv.csv",
  "steps.csv",
  "weights.safetensors",
  "checkpoints/step-000000004.safetensors",
];

/** Trains a small run in a new folder, and walks the damage to its files. */
export async function walkRun(folder: string, options: WalkOptions = {}): Promise<Walked> {
  const { files = RUN_FILES } = options, whole = `${folder}/run`;
  await made(() => makeRun(whole));
  await interrupt(`${whole}/manifest.json`);
  return await walkFolder(whole, files, RUN_READERS, options);
}

/** Makes a run one that was cut off, so that resuming it reads all of its files. */
async function interrupt(path: string): Promise<void> {
  const manifest = JSON.parse(await Deno.readTextFile(path));
  await Deno.writeTextFile(
    path,
    JSON.stringify({ ...manifest, status: "stopped" }, null, 2) + "\n",
  );
}

/** Runs a small experiment in a new folder, and walks the damage to its record and to the files of its first run. */
export async function walkExperiment(folder: string, options: WalkOptions = {}): Promise<Walked> {
  const whole = `${folder}/experiment`;
  await made(() => makeExperiment(whole));
  const [run] = [...Deno.readDirSync(`${whole}/runs`)].map(({ name }) => name).sort();
  const {
    files = ["experiment.json", ...RUN_FILES.slice(0, 3).map((file) => `runs/${run}/${file}`)],
  } = options;
  return await walkFolder(whole, files, EXPERIMENT_READERS, options);
}
