/**
 * Fuzzing formats in a process of its own, as its parent asks, so that a reader that does not end, or takes all
 * memory, can be ended at once.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { openFormat } from "./judge.ts";
import { type FuzzRequest, type GuardRequest, say } from "./messages.ts";
import { runSpan } from "./run.ts";

/** Fuzzes one of the formats, as the process's argument says. */
export async function serveFuzz(formats: readonly Format[]): Promise<void> {
  const request: FuzzRequest = JSON.parse(Deno.args[0]!);
  const open = await openFormat(formats[request.order]!);
  const guard = new Worker(new URL("./guard.ts", import.meta.url), { type: "module" });
  const { promise, resolve } = Promise.withResolvers<void>();
  guard.onmessage = () => resolve();
  guard.postMessage({ memory: request.memory, every: request.every } satisfies GuardRequest);
  await promise;
  const counts = open.seeds.length === 0
    ? { files: 0, accepted: 0 }
    : await runSpan(open, request, {
      before: (file, accepted) => say({ kind: "file", file, accepted }),
      found: (find) => say({ kind: "find", find }),
    });
  say({ kind: "end", counts });
  guard.terminate();
}
