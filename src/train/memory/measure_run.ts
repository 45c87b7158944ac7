/**
 * Measures the memory of a training run from its compiled step and evaluation, before either runs.
 *
 * @module
 */
import type { RequiredMemory, Runtime } from "../../runtime/mod.ts";
import { type Params, placeholder, type Tensor } from "../../tensor.ts";
import { entries, leaves, mapTree, unflatten } from "../../tree.ts";
import type { PartInput } from "../accumulation.ts";
import { type EvaluationStep, zeroSums } from "../evaluate.ts";
import type { FitOptions } from "../fit_options.ts";
import type { InputOutline } from "../input/training_data.ts";
import type { TrainingSetup } from "../setup.ts";
import type { CompiledRun } from "./compiled_run.ts";
import { sumOf } from "../../sum_of.ts";
import { shareBuffers, shareNamed } from "./shared_buffers.ts";
import { type HostBytes, type TrainingMemory, withTotals } from "./training_memory.ts";

/** The gaps between buffers, measured: a share of all bytes, and the least. */
const GAPS = { share: 1 / 64, least: 1 << 17 } as const;

/** A tree of placeholders. */
const outlined = <T extends Params>(tree: T): T =>
  mapTree<Tensor, Tensor, T>((x) => placeholder(x), tree) as unknown as T;

/** Bytes of a function's arguments by the beginning of their path. */
function argumentBytes(
  { arguments: bytes }: RequiredMemory,
  args: Params,
): (beginning: string) => number {
  const paths = entries<Tensor>(args, "").map(([path]) => path);
  return (beginning) => sumOf(bytes.filter((_, i) => paths[i]?.startsWith(beginning) ?? false));
}

/** The inputs of the functions that take a batch, or each of its parts and the last one. */
function stepInputs({ inputs }: InputOutline, parts: number): readonly PartInput[] {
  const scalar = placeholder({ shape: [], dtype: "u32" });
  if (parts === 1) return [{ inputs, first: scalar } as PartInput];
  const own = entries<Tensor>(inputs).map(([path, x]) => {
    const { shape: [count = parts, ...rest], dtype } = x;
    return path.startsWith("data")
      ? x
      : placeholder({ shape: [Math.ceil(count / parts), ...rest], dtype });
  });
  const part = unflatten<unknown, Tensor, Tensor>(inputs, own) as Params;
  const all = { inputs: part, first: scalar, part: scalar };
  return [all, { ...all, last: [] as const }];
}

/** Bytes of what a run starts from, as far as it is not taken over by the first step. */
function startBytes({ arguments: bytes, keepsBuffers }: RequiredMemory, start: Params): number {
  const seen = new Set<Tensor>();
  return sumOf(
    leaves<Tensor>(start).map((x, i) => {
      if (x.data) return keepsBuffers ? bytes[i]! : 0;
      if (seen.has(x)) return 0;
      seen.add(x);
      return bytes[i]!;
    }),
  );
}

/** What an evaluation needs beside the run's state. */
function measureEvaluation<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
  setup: TrainingSetup,
  evaluation: EvaluationStep<P>,
) {
  const { inputs, materialize } = setup.data.outline;
  const evaluated = { ...options, ...setup }, { params } = options;
  const sums = zeroSums(evaluated, params, materialize(inputs, "test"));
  const count = placeholder({ shape: [], dtype: "i32" });
  const args = [outlined(sums), outlined(params), inputs, count] as const;
  const needed = run.requiredMemory(evaluation.addBatch, ...args);
  const inputBytes = argumentBytes(needed, args as unknown as Params);
  return { ...needed, batch: inputBytes("[2]") - inputBytes("[2].data") };
}

/** A step, typed as a function of any trees. */
type CompiledStep = (carry: Params, x: Params) => Params;

/** The memory of a training run. Throws MemoryError where a buffer is larger than the device's limit. */
export function measureRun<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
  setup: TrainingSetup,
  compiled: CompiledRun<P, S>,
): TrainingMemory {
  const { steps: { step, start, parts } } = compiled, carry = outlined(start);
  const { outline } = setup.data;
  const calls = stepInputs(outline, parts).map((x, i) => ({
    x,
    needed: run.requiredMemory(step as unknown as CompiledStep, i === 0 ? start : carry, x),
  }));
  const all = calls.map(({ needed }) => needed), { x, needed } = calls.at(-1)!;
  const evaluation = compiled.evaluation &&
    measureEvaluation(run, options, setup, compiled.evaluation);
  const of = argumentBytes(needed, [carry, x] as Params),
    inCarry = (name: string) => of(`[0].${name}`);
  const carried = of("[0]"), data = of("[1].inputs.data"), batch = of("[1]") - data;
  const known = {
    params: inCarry("params"),
    optimizer: inCarry("state"),
    averages: inCarry("averages"),
    recovery: inCarry("recovery"),
    gradientSums: inCarry("sums"),
  };
  const { before } = all[0]!;
  const functions = [...before ? [before] : [], ...all, ...evaluation ? [evaluation] : []];
  const updates = Math.max(...all.map(({ results }) => sumOf(results)));
  const { keepsBuffers } = needed, evaluated = evaluation?.batch ?? 0;
  const temporaries = functions.map((each) => each.temporaries);
  // Where buffers are kept, those of an evaluation are beside those of a step, else instead of them.
  const activations = keepsBuffers ? sumOf(shareBuffers(temporaries)) : Math.max(
    ...all.map((each) => sumOf(each.temporaries)),
    sumOf(before?.temporaries ?? []) - carried - updates - batch,
    sumOf(evaluation?.temporaries ?? []) + evaluated - updates - batch,
  );
  const buffers = {
    ...known,
    updates,
    start: startBytes(needed, start),
    activations,
    batch: batch + (keepsBuffers ? evaluated + (all.length - 1) * batch : 0),
    best: options.best ? known.params : 0,
    data,
    code: sumOf(functions.map(({ kept }) => kept)) +
      sumOf(Object.values(shareNamed(functions.map(({ shared }) => shared)))) + needed.reading +
      sumOf(needed.arguments) -
      sumOf(Object.values(known)) - data - batch,
  };
  const gaps = Math.round(GAPS.share * sumOf(Object.values(buffers))) + GAPS.least;
  const host: HostBytes = {
    dataset: outline.dataset,
    batches: outline.batches,
    checkpoint: options.checkpoint ? carried - known.gradientSums : 0,
  };
  return withTotals({ ...buffers, gaps }, host);
}
