/**
 * One loop, measured in a process of its own: reads a JSON of {@linkcode Loop} and size as its argument, and
 * prints the measurements as JSON.
 *
 * @module
 */
import { runLoop } from "./loops.ts";

const { device, loop, size } = JSON.parse(Deno.args[0]!);
console.log(JSON.stringify(await runLoop(device, loop, size)));
