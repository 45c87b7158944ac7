/**
 * Quick runs of train:mnist in processes of their own, and what of their folders must be equal.
 *
 * @module
 */
import { parse } from "@std/csv";

/** The options of a quick run on images that a program draws: 8 steps an epoch. */
export const QUICK = ("--dataset procedural --net fitnetMnist --activation relu --device cpu " +
  "--threads 2 --subset 32 --test-subset 8 --batch 4 --checkpoint-every 0 --no-figures").split(" ");

/** Starts train:mnist. */
export function startTask(args: readonly string[], env: Record<string, string> = {}) {
  const script = new URL("../../tasks/train_mnist.ts", import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-P=train", "--no-prompt", "--quiet", "--no-check", script, ...args],
    env: { GOODINIT_DATA: "", NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs train:mnist to its end. */
export async function runTask(...args: string[]) {
  const { code, stdout, stderr } = await startTask(args).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, err };
}

/** A file's text, if there is one. */
export const textOf = (path: string): Promise<string | undefined> =>
  Deno.readTextFile(path).catch(() => undefined);

/** The steps of the checkpoints in a run's folder, the newest last. */
export function checkpointSteps(run: string): number[] {
  try {
    return [...Deno.readDirSync(`${run}/checkpoints`)]
      .map(({ name }) => Number(name.match(/^step-(\d+)\.safetensors$/)?.[1]))
      .filter((step) => !Number.isNaN(step)).sort((a, b) => a - b);
  } catch {
    return [];
  }
}

/** What a run came to: its weights, its epochs but for their times, LSUV's report. */
export async function outcomeOf(run: string) {
  const rows = parse(await Deno.readTextFile(`${run}/epochs.csv`), { skipFirstRow: true });
  return {
    weights: await Deno.readFile(`${run}/weights.safetensors`),
    epochs: rows.map(({ seconds: _, imagesPerSecond: __, ...row }) => row),
    lsuv: await textOf(`${run}/lsuv.csv`),
  };
}
