/**
 * A program that takes one training step. Prints when it had loaded the library, opened the device,
 * made weights and images and taken the step, in milliseconds since 1970, as a line of JSON.
 *
 *     deno run -P=bench bench/first_step.ts '{"net":"fitnet1","batch":128,"open":{"device":"cpu"}}'
 *
 * @module
 */
import { open } from "../src/runtime/mod.ts";
import type { NetName } from "./nets/mod.ts";
import { stepper, trainingOf } from "./step.ts";

const now = () => performance.timeOrigin + performance.now();
const { net, batch, open: options } = JSON.parse(Deno.args[0]!) as {
  net: NetName;
  batch: number;
  open: Parameters<typeof open>[0];
};
const loaded = now();
await using run = await open(options);
const opened = now();
const training = trainingOf(net, batch), made = now();
await run.read(await stepper(run, training)());
console.log(JSON.stringify({ loaded, opened, made, stepped: now() }));
