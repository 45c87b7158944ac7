/**
 * One loop in a process of its own: takes its name and its rounds, and prints a line of JSON for each sample.
 *
 * @module
 */
import { LOOPS } from "./loops.ts";
import { sampleHere } from "./sample.ts";

/** Samples of a loop. */
const SAMPLES = 100;

const [name = "", rounds = "0"] = Deno.args, count = Number(rounds);
const every = Math.max(1, Math.floor(count / SAMPLES));
await LOOPS[name]!.repeat(count, (done, run) => {
  if (done % every === 0) console.log(JSON.stringify(sampleHere(done, run?.memory())));
});
