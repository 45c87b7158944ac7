/**
 * Reloads of the page that shows a training, of which the training's process is watched.
 *
 * @module
 */
import { denoRun, NO_LOADER, TaskError } from "../../tasks/cli/mod.ts";
import { lines } from "../ops/lines.ts";
import { type Sample, sampleOf } from "./sample.ts";

/** A training that outlasts the reloads. */
const TRAINING =
  ("--dataset procedural --net fitnetMnist --activation relu --device cpu --threads 1 " +
    "--subset 512 --test-subset 8 --batch 8 --epochs 100000 --no-figures --watch --watch-port 0")
    .split(" ");

const PROGRAM = new URL("../../tasks/train_mnist.ts", import.meta.url).pathname;

/** Milliseconds that a training has to open its page. */
const PATIENCE = 60_000;

/** The address of the page that a training prints. */
async function addressIn(output: AsyncIterator<string>): Promise<string> {
  for (let line = await output.next(); !line.done; line = await output.next()) {
    const [address] = /http:\/\/127\.0\.0\.1:\d+\//.exec(line.value) ?? [];
    if (address !== undefined) return address;
  }
  throw new TaskError("page: expected a training to print its page's address, found none");
}

/** Loads a page as a browser does: the page, then its events until the first has come. */
async function reload(address: string): Promise<void> {
  await (await fetch(address)).text();
  const { body } = await fetch(`${address}events`), reader = body!.getReader();
  await reader.read();
  await reader.cancel();
}

/** Reloads a training's page, and samples the training's process. */
export async function reloads(count: number, samples: number): Promise<Sample[]> {
  const out = await Deno.makeTempDir({ prefix: "goodinit-endurance-" });
  const [deno, ...args] = denoRun("train", PROGRAM, ...TRAINING, "--out", `${out}/run`);
  const child = new Deno.Command(deno!, {
    args,
    env: NO_LOADER,
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const output = lines(child.stderr);
  try {
    const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    const address = await addressIn(output), found: Sample[] = [];
    clearTimeout(late);
    const rest = (async () => {
      for await (const _ of output); // What is not read would stop the training.
    })();
    const every = Math.max(1, Math.floor(count / samples));
    for (let done = 1; done <= count; done++) {
      await reload(address);
      if (done % every === 0) found.push(sampleOf(done, child.pid));
    }
    child.kill("SIGTERM");
    await rest;
    await child.status;
    return found;
  } finally {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await child.status;
    await Deno.remove(out, { recursive: true });
  }
}
