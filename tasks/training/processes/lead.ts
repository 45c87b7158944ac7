/**
 * Work that process 0 does for all, and errors that end all processes.
 *
 * @module
 */
import { EXIT, exitCodeOf, printError } from "../../cli/command.ts";
import type { ProcessGroup } from "./group.ts";
import { broadcastBytes, broadcastJson, meet } from "./messages.ts";

/** Process 0 has failed, and has said why; thrown in the others. */
class LeaderFailed extends Error {
  override readonly name = "LeaderFailed";
  /** The exit code of all processes. */
  readonly code: number;

  constructor(code: number) {
    super(`process 0 has failed with exit code ${code}`);
    this.code = code;
  }
}

/** Errors of process 0 of which the others know, so that none of them waits for it. */
const known = new WeakSet<Error>();

/** What process 0 tells the others: what it has, or with which exit code it failed. */
type Answer<T> = { readonly value: T } | { readonly failed: number };

/**
 * What process 0 gets from `work`, in all processes; its error ends the others too. Without a group the work is
 * done here.
 *
 * @param shared The plain data of it that the others get; all of it if left out.
 */
export async function lead<T, S = T>(
  group: ProcessGroup | undefined,
  work: () => Promise<T>,
  shared: (value: T) => S = (value) => value as unknown as S,
): Promise<T | S> {
  if (!group) return await work();
  const { job, leads } = group;
  if (!leads) {
    await meet(job);
    const answer = broadcastJson<Answer<S>>(job, undefined);
    if ("failed" in answer) throw new LeaderFailed(answer.failed);
    return answer.value;
  }
  const tell = async (answer: Answer<S>) => {
    await meet(job);
    broadcastJson(job, answer);
  };
  let value: T;
  try {
    value = await work();
  } catch (error) {
    await tell({ failed: exitCodeOf(error) ?? EXIT.failed });
    if (error instanceof Error) known.add(error);
    throw error;
  }
  await tell({ value: shared(value) });
  return value;
}

/** As {@linkcode lead}, for bytes. */
export async function leadBytes(
  group: ProcessGroup | undefined,
  work: () => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await lead(group, work, () => undefined);
  return group ? broadcastBytes(group.job, bytes) : bytes!;
}

/** Milliseconds for which others wait with an error that process 0 may have too, and then tells alone. */
export const PATIENCE = 1000;

/**
 * Does the work of a command in each process of a group; returns the exit code. An error is told once, by
 * process 0 if it has it too, and ends all processes.
 *
 * @param unmute Lets this process print again.
 */
export async function reportTogether(
  group: ProcessGroup,
  name: string,
  { work, unmute }: { readonly work: () => Promise<number>; readonly unmute: () => void },
): Promise<number> {
  const { job, leads, host } = group;
  try {
    const code = await work();
    // Process 0 still draws figures when the others are done.
    await meet(job);
    return code;
  } catch (error) {
    if (error instanceof LeaderFailed) return error.code;
    if (!leads) {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE));
      unmute();
    }
    const from = leads ? name : `${name}: process ${job.rank} of ${job.size} on ${host}`;
    const code = printError(from, error);
    // The others may wait for this process.
    if (!(error instanceof Error && known.has(error))) job.abort(code);
    return code;
  }
}
