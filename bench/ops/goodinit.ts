/**
 * Measures ops of this library. Its argument is the options of `open` as JSON; it prints a line of JSON that
 * describes the device and its peak in WebAssembly, then answers a {@linkcode Request} on each line of its input.
 *
 *     deno run -P=bench bench/ops/goodinit.ts '{"device":"cpu","threads":1}'
 *
 * @module
 */
import * as g from "../../mod.ts";
import { median } from "../measure.ts";
import type { Case } from "./cases/mod.ts";
import { KINDS } from "./kinds/mod.ts";
import { lines } from "./lines.ts";
import {
  type Answer,
  type Measured,
  type Request,
  resultFile,
  type Times,
  UPDATES_BEFORE_RESULTS,
} from "./request.ts";
import type { Direction, Work } from "./work.ts";

/** Samples in the given time, and the most calls in one. */
const SAMPLES = 12, LEAST_SAMPLES = 3, MOST_CALLS = 1000;

type Tensors = readonly g.Tensor[];

/** Copies tensors to the device. */
const onDevice = (run: g.Runtime, tensors: Tensors): Tensors =>
  run.jit((all: Tensors): Tensors =>
    all.map((x) => x.dtype === "f32" ? g.ops.mul(x, 1) : g.ops.add(x, 0))
  )(
    tensors,
  );

/** A function that computes a direction once; it returns the results, valid until its next call. */
function caller(run: g.Runtime, { inputs, carry, compute }: Direction): () => Tensors {
  const given = onDevice(run, inputs);
  let results = onDevice(run, carry ?? blank(compute(inputs, [])));
  const call = run.jit((before: Tensors, inputs: Tensors) => compute(inputs, before), {
    donate: [0],
  });
  return () => results = call(results, given);
}

/** Zeros of the same shapes, as the first results to be replaced. */
const blank = (results: Tensors): Tensors =>
  results.map(({ shape, dtype }) => g.ops.constant(0, shape, dtype));

/** Milliseconds per call, by samples of many calls. */
function timeCalls(call: () => unknown, seconds: number): Times {
  const sample = (calls: number): number => {
    const from = performance.now();
    for (let i = 0; i < calls; i++) call();
    return (performance.now() - from) / calls;
  };
  const budget = 1000 * seconds, once = Math.min(sample(1), sample(1));
  if (once > budget) return { best: once, median: once };
  const calls = Math.max(1, Math.min(MOST_CALLS, Math.round(budget / SAMPLES / once)));
  const times: number[] = [], from = performance.now();
  while (times.length < LEAST_SAMPLES || performance.now() - from < budget) {
    times.push(sample(calls));
  }
  return { best: Math.min(...times), median: median(times) };
}

const countBytes = (tensors: Tensors): number => tensors.reduce((n, { size }) => n + 4 * size, 0);

/** Writes each of a direction's results, as f32. */
async function writeResults(run: g.Runtime, folder: string, direction: string, results: Tensors) {
  for (const [i, values] of (await run.read(results)).entries()) {
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    await Deno.writeFile(resultFile(folder, "goodinit", direction, i), bytes);
  }
}

/** A direction that is ready to be called. */
interface Ready extends Direction {
  readonly name: string;
  readonly call: () => Tensors;
}

/** Compiles a case's directions; the last case's are kept, for the next round. */
function preparer(run: g.Runtime): (each: Case) => readonly Ready[] {
  let last: string | undefined, ready: readonly Ready[] = [];
  return ({ name, kind, size }) => {
    if (name === last) return ready;
    const work = (KINDS[kind] as (size: unknown) => Work)(size);
    ready = Object.entries(work).map(([name, direction]) => {
      return { name, ...direction, call: caller(run, direction) };
    });
    last = name;
    return ready;
  };
}

/** Times the directions of a case, after their results are written where they are asked for. */
async function measure(
  run: g.Runtime,
  directions: readonly Ready[],
  { seconds, results }: Request,
): Promise<Answer> {
  const answer: Record<string, Measured> = {};
  for (const { name, call, inputs, carry = [], compared, unread = 0, flops } of directions) {
    let found = call();
    for (let i = 1; i < UPDATES_BEFORE_RESULTS && carry.length > 0; i++) found = call();
    if (results) await writeResults(run, results, name, found.slice(0, compared));
    const bytes = countBytes([...inputs, ...carry, ...found]) - 4 * unread;
    answer[name] = { layouts: { own: timeCalls(call, seconds) }, flops, bytes };
  }
  return answer;
}

if (import.meta.main) {
  const options: g.OpenOptions = JSON.parse(Deno.args[0] ?? "{}");
  const peak = await (async () => {
    await using run = await g.open({ ...options, native: false, profile: true });
    return await run.peak();
  })();
  await using run = await g.open(options);
  console.log(JSON.stringify({ description: run.description, peak }));
  const prepare = preparer(run), collect = (globalThis as { gc?: () => void }).gc;
  for await (const line of lines(Deno.stdin.readable)) {
    const request: Request = JSON.parse(line);
    console.log(JSON.stringify(await measure(run, prepare(request.case), request)));
    collect?.();
  }
}
