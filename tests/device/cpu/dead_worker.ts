/**
 * A worker thread of the CPU device that dies in a way named by its module's query: `claims` ends with a chunk
 * that it has claimed and not done, `fails` says that its chunk failed, `throws` fails as it starts, `silent`
 * never answers.
 *
 * @module
 */
import {
  controlWords,
  stateWord,
  takeChunk,
  WORD,
  WORKER_STATE,
} from "../../../src/device/cpu/threads/control_block.ts";
import type { WorkerStart } from "../../../src/device/cpu/threads/worker.ts";
import { serveOnce } from "../../../src/platform/threads.ts";

const way = new URL(import.meta.url).search.slice(1);
if (way === "throws") throw new Error("no memory");

serveOnce<WorkerStart>(({ memory, thread }, reply) => {
  if (way === "silent") return;
  const words = controlWords(memory);
  Atomics.store(words, stateWord(thread), WORKER_STATE.ready);
  Atomics.notify(words, stateWord(thread));
  reply("ready");
  // The caller may do all chunks of some passes before this thread is scheduled.
  while (takeChunk(words) === 0) {
    if (Atomics.load(words, WORD.shutdown)) return;
  }
  if (way === "claims") return;
  Atomics.store(words, WORD.failed, thread);
  Atomics.add(words, WORD.done, 1);
  Atomics.notify(words, WORD.done);
});
