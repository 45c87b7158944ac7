/**
 * Tasks with a live page as processes of their own.
 *
 * @module
 */

/** A task that runs, the address of its page, and how it ended. */
export interface Watched {
  readonly address: string;
  readonly process: Deno.ChildProcess;
  /** What it printed as errors; whole once it has ended. */
  readonly said: () => string;
  readonly ended: Promise<number>;
}

/** Waits for the address of a task's page. */
export async function watched(process: Deno.ChildProcess): Promise<Watched> {
  const reader = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let said = "", address: string | undefined;
  while (!address) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`expected the address of a page, found ${said || "nothing"}`);
    said += value;
    address = said.match(/live page: (http:\/\/127\.0\.0\.1:\d+\/)\n/)?.[1];
  }
  const rest = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      said += value;
    }
  };
  const all = Promise.all([process.status, rest(), process.stdout.pipeTo(new WritableStream())]);
  return { address, process, said: () => said, ended: all.then(([{ code }]) => code) };
}
