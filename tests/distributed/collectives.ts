/**
 * One process of several: calls every collective and prints what it gets.
 *
 * @module
 */
import { distributed } from "../../src/distributed/mod.ts";

using job = await distributed({ by: "mpi" });
const { rank, size } = job;
const shared = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const arrays = {
  f32: new Float32Array(shared.buffer as unknown as ArrayBuffer, 64, 5),
  f64: new Float64Array(5),
  i32: new Int32Array(5),
};
const reduced = Object.entries(arrays).map(([name, array]) => {
  const each = (["sum", "max", "min"] as const).map((reduction) => {
    for (let i = 0; i < array.length; i++) array[i] = 10 * rank + i;
    job.allReduce(array, reduction);
    return [...array];
  });
  return [name, each];
});
// Sums that are under way together, one of which is awaited and the others are asked for.
const started = (["sum", "max", "min"] as const).map((reduction, i) => {
  const array = new Float32Array(shared.buffer as unknown as ArrayBuffer, 1024 * (i + 1), 5);
  for (let k = 0; k < array.length; k++) array[k] = 10 * rank + k;
  return { array, pending: job.startAllReduce(array, reduction) };
});
started[0]!.pending.wait();
for (const { pending } of started) while (!pending.test()) { /* It goes on. */ }
const text = new TextEncoder().encode(rank === size - 1 ? "the last" : "--------");
job.broadcast(text, size - 1);
job.barrier();
const again = await distributed({ by: "mpi" });
const kinds = [new Uint8Array(1), [1]].map((data) => {
  try {
    job.allReduce(data as unknown as Float32Array);
  } catch (error) {
    return (error as Error).message;
  }
});
let wrong;
try {
  job.broadcast(text, size);
} catch (error) {
  wrong = (error as Error).message;
}
const { localRank, localSize, machines, description } = job;
console.log(JSON.stringify({
  rank,
  size,
  localRank,
  localSize,
  machines,
  description,
  started: started.map(({ array }) => [...array]),
  reduced: Object.fromEntries(reduced),
  text: new TextDecoder().decode(text),
  same: again === job,
  kinds,
  wrong,
}));
