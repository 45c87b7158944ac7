/**
 * Measures the variances of a net's layers one after another: on fresh batches the net runs up to the
 * layer, on a fixed batch only the next segment.
 *
 * @module
 */
import { type BatchShare, withinShare } from "../nn/batch_share.ts";
import type { Layer } from "../nn/layer.ts";
import { gatherBatch, gatherNumbers, type Processes, type Reader } from "../processes.ts";
import { foldIn } from "../random.ts";
import type { Data } from "../host_data.ts";
import { type Params, type Tensor, tensor } from "../tensor.ts";
import { showSpec } from "../spec.ts";
import { leaves, mapTree } from "../tree.ts";
import type { Resolved } from "./lsuv_options.ts";
import { type Measurement, poolShares } from "./pooled_variance.ts";
import { type Segment, splitIntoSegments } from "./segments.ts";
import { buildMeasurementGraph, type MeasurementGraph } from "./measurement_graph.ts";

/** Runs computations; a runtime from `open()` is one. */
export interface Runner extends Reader {
  /** Compiles a function. */
  jit<A extends readonly Params[], R extends Params>(f: (...args: A) => R): (...args: A) => R;
}

/**
 * The most segments on fresh batches: fewer than the plans that a runtime caches, so that in a deep net a
 * segment is several layers.
 */
const SEGMENTS = 24;

/** The segments of a net for batches of one spec. */
interface Program {
  /** The examples of each process, where this one has a share of them. */
  readonly counts: readonly number[] | undefined;
  readonly measurements: MeasurementGraph;
  readonly segments: readonly Segment[];
  /** The uses per segment; the last may have fewer. */
  readonly size: number;
}

/** The names of the layers that a net runs, as text. */
const joinNames = ({ uses }: MeasurementGraph): string => uses.map(({ name }) => name).join("; ");

/** A batch in progress. */
interface Pass {
  readonly program: Program;
  /** The values of the graph's tensors. */
  readonly values: Map<Tensor, Tensor>;
}

/** How processes share batches. */
interface Sharing {
  /** The processes that have the other shares. */
  readonly processes?: Processes | undefined;
  /** Whether every process needs whole batches. */
  readonly isWhole?: boolean | undefined;
}

/** Options of {@linkcode VarianceMeter}. */
export interface MeterOptions extends Pick<Sharing, "processes"> {
  readonly net: Layer | readonly Layer[];
  readonly params: Params;
  /** The source of batches, or of this process's shares of them. */
  readonly nextBatch: () => Tensor | Promise<Tensor>;
  readonly options: Resolved;
  /** Whether every measurement draws a batch; otherwise the first is used for all. */
  readonly fresh: boolean;
}

/** A batch, or one process's share of it. */
interface Drawn {
  readonly x: Tensor;
  /** How many examples each process has; undefined where this one has all. */
  readonly counts?: readonly number[] | undefined;
}

/** The examples of one process among those of all. */
const shareOf = ({ rank }: Processes, counts: readonly number[]): BatchShare => ({
  first: counts.slice(0, rank).reduce((sum, count) => sum + count, 0),
  count: counts[rank]!,
});

/** A batch: the examples of this process, or of all where a layer's output on one depends on the others. */
async function gather(run: Runner, { processes, isWhole }: Sharing, x: Tensor): Promise<Drawn> {
  if (!processes) return { x };
  const counts = gatherNumbers(processes, [x.shape[0] ?? 0]).map(([count]) => count!);
  return isWhole ? { x: await gatherBatch(run, processes, x, counts) } : { x, counts };
}

/** Draws the first batch, and creates a meter. */
export async function createVarianceMeter(
  run: Runner,
  of: MeterOptions,
): Promise<VarianceMeter> {
  const { net, params, options, processes } = of, x = await of.nextBatch();
  const isWhole = processes && buildMeasurementGraph(net, params, x, options).observes;
  const sharing = { processes, isWhole };
  return new VarianceMeter(run, { ...of, ...sharing }, await gather(run, sharing, x));
}

/** Measures the layers of a net while its parameters change. */
export class VarianceMeter implements Pick<MeasurementGraph, "uses" | "uncovered" | "stale"> {
  readonly uses: MeasurementGraph["uses"];
  readonly uncovered: MeasurementGraph["uncovered"];
  readonly stale: boolean;
  readonly #run: Runner;
  readonly #of: MeterOptions & Sharing;
  /** The fixed batch, or the first. */
  readonly #first: Drawn;
  /** The replacements of parameters. */
  readonly #replaced = new Map<Tensor, Tensor>();
  readonly #functions = new Map<string, (...inputs: Tensor[]) => readonly Tensor[]>();
  readonly #programs = new Map<string, Program>();
  /** The number of batches started. */
  #draws = 0;
  #kept: Pass;
  /** A batch that was drawn in advance. */
  #ahead: Pass | undefined;
  /** On a fixed batch, the last segment that has run. */
  #reached = -1;

  constructor(run: Runner, of: MeterOptions & Sharing, first: Drawn) {
    this.#run = run;
    this.#of = of;
    this.#first = first;
    this.#kept = this.#ahead = this.#begin(first);
    const { uses, uncovered, stale } = this.#kept.program.measurements;
    this.uses = uses;
    this.uncovered = uncovered;
    this.stale = stale;
  }

  /** Measures a use of a layer. On a fixed batch, earlier ones must have been measured before. */
  async measure(index: number): Promise<readonly Measurement[]> {
    const pass = await this.#next(), { program, values } = pass, { segments, size } = program;
    const last = Math.floor(index / size);
    if (this.#of.fresh) this.#runTo(last, pass);
    else this.#runNext(last, pass);
    const found = values.get(segments[last]!.targets[index % size]!)!;
    const [both] = await this.#run.read([found]) as unknown as [Data];
    if (program.counts) {
      return poolShares(gatherNumbers(this.#of.processes!, [...both]), program.counts);
    }
    const { center } = this.#of.options, groups = both.length / (center ? 3 : 2);
    return Array.from(both.subarray(0, groups), (deviation, i) => ({
      deviation,
      zero: both[groups + i] === 1,
      mean: center ? both[2 * groups + i]! : 0,
    }));
  }

  /** Replaces parameters of a layer. */
  replace(before: Params, after: Params): void {
    const next = leaves<Tensor>(after);
    leaves<Tensor>(before).forEach((w, i) => next[i] !== w && this.#replaced.set(w, next[i]!));
  }

  /** A tree of parameters with replacements substituted. */
  current<P extends Params>(params: P): P {
    const replaced = (w: Tensor) => this.#replaced.get(w) ?? w;
    return mapTree<Tensor, Tensor, P>(replaced, params) as unknown as P;
  }

  /** Restarts at the first layer. */
  restart(): void {
    if (!this.#of.fresh) this.#kept = this.#begin(this.#first);
    this.#reached = -1;
  }

  /** The batch for the next measurement, drawn if needed. */
  async #next(): Promise<Pass> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead || !this.#of.fresh) return ahead ?? this.#kept;
    return this.#begin(await gather(this.#run, this.#of, await this.#of.nextBatch()));
  }

  #begin(drawn: Drawn): Pass {
    const { x } = drawn, program = this.#programFor(drawn), { measurements } = program;
    const values = new Map([[measurements.x, x]]);
    if (measurements.key) {
      const { fresh, options: { key } } = this.#of;
      const own = fresh ? foldIn(key!, tensor(Uint32Array.of(this.#draws++), [])) : key!;
      values.set(measurements.key, own);
    }
    return { program, values };
  }

  /** Runs all segments up to one. */
  #runTo(last: number, pass: Pass): void {
    for (const segment of pass.program.segments.slice(0, last + 1)) {
      this.#runSegment(segment, pass);
      drop(segment.spent, pass);
    }
  }

  /** Runs one segment on the values of earlier ones; its inputs are kept until the next segment runs. */
  #runNext(last: number, pass: Pass): void {
    for (const { spent } of pass.program.segments.slice(Math.max(this.#reached, 0), last)) {
      drop(spent, pass);
    }
    this.#reached = last;
    this.#runSegment(pass.program.segments[last]!, pass);
  }

  #runSegment(segment: Segment, { program, values }: Pass): void {
    const { originals } = program.measurements;
    const varianceValue = (x: Tensor): Tensor => {
      const w = originals.get(x) ?? x;
      return values.get(x) ?? this.#replaced.get(w) ?? w;
    };
    const made = this.#compiled(segment)(...segment.inputs.map(varianceValue));
    made.forEach((value, i) => values.set(segment.outputs[i]!, value));
  }

  #compiled({ text, compute }: Segment): (...inputs: Tensor[]) => readonly Tensor[] {
    let f = this.#functions.get(text);
    if (!f) {
      f = this.#run.jit(function lsuv(...inputs: Tensor[]) {
        return compute(...inputs);
      });
      this.#functions.set(text, f);
    }
    return f;
  }

  /**
   * The program for batches of a spec. Throws RangeError if they run through other layers than the first
   * batch.
   */
  #programFor({ x, counts }: Drawn): Program {
    const name = `${showSpec(x)} of ${counts}`, known = this.#programs.get(name);
    if (known) return known;
    const { net, params, options, processes } = this.#of;
    const build = () =>
      buildMeasurementGraph(net, params, x, { ...options, isShare: counts !== undefined });
    const measurements = counts ? withinShare(shareOf(processes!, counts), build) : build();
    const [first] = this.#programs.values();
    if (first && joinNames(measurements) !== joinNames(first.measurements)) {
      throw new RangeError(
        `lsuvFromBatches: expected batches that all go through ${
          joinNames(first.measurements)
        }, found ${joinNames(measurements)} for ${showSpec(x)}`,
      );
    }
    const program = { ...this.#cut(measurements), counts };
    this.#programs.set(name, program);
    return program;
  }

  /**
   * Splits the measurement graph: on a fixed batch into one segment per use, else into at most
   * {@linkcode SEGMENTS}.
   */
  #cut(measurements: MeasurementGraph): Omit<Program, "counts"> {
    const { uses, originals, x, key } = measurements;
    const given = new Set([...originals.keys(), ...leaves<Tensor>(this.#of.params), x]);
    if (key) given.add(key);
    const size = this.#of.fresh ? Math.ceil(uses.length / SEGMENTS) : 1;
    const targets: Tensor[][] = [];
    for (let at = 0; at < uses.length; at += size) {
      targets.push(uses.slice(at, at + size).map(({ found }) => found));
    }
    return { measurements, segments: splitIntoSegments(targets, given), size };
  }
}

/** Drops the values that no later segment needs. */
function drop(spent: readonly Tensor[], { values }: Pass): void {
  for (const x of spent) values.delete(x);
}
