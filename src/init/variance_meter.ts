/**
 * Measures the variances of a net's layers one after another: on fresh batches the net runs up to the
 * layer, on a fixed batch only the next segment.
 *
 * @module
 */
import type { Layer } from "../nn/layer.ts";
import { foldIn } from "../random.ts";
import type { Data } from "../host_data.ts";
import { type Params, type Tensor, tensor } from "../tensor.ts";
import { showSpec } from "../spec.ts";
import { leaves, type MapTree, mapTree } from "../tree.ts";
import type { Resolved } from "./lsuv_options.ts";
import { type Segment, splitIntoSegments } from "./segments.ts";
import { buildMeasurementGraph, type MeasurementGraph } from "./measurement_graph.ts";

/** Runs computations; a runtime from `open()` is one. */
export interface Runner {
  /** Compiles a function. */
  jit<A extends readonly Params[], R extends Params>(f: (...args: A) => R): (...args: A) => R;
  /** Reads the elements of every tensor in a tree. */
  read<T extends Params>(tree: T): Promise<MapTree<T, Tensor, Data>>;
}

/** The measurement of one group of weights. */
export interface Measurement {
  readonly deviation: number;
  /** Whether the weights contribute no variance. */
  readonly zero: boolean;
}

/**
 * The most segments on fresh batches: fewer than the plans that a runtime caches, so that in a deep net a
 * segment is several layers.
 */
const SEGMENTS = 24;

/** The segments of a net for batches of one spec. */
interface Program {
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

/** Options of {@linkcode VarianceMeter}. */
export interface MeterOptions {
  readonly net: Layer | readonly Layer[];
  readonly params: Params;
  /** The source of batches. */
  readonly nextBatch: () => Tensor | Promise<Tensor>;
  readonly options: Resolved;
  /** Whether every measurement draws a batch; otherwise the first is used for all. */
  readonly fresh: boolean;
}

/** Draws the first batch, and creates a meter. */
export const createVarianceMeter = async (
  run: Runner,
  options: MeterOptions,
): Promise<VarianceMeter> => new VarianceMeter(run, options, await options.nextBatch());

/** Measures the layers of a net while its parameters change. */
export class VarianceMeter implements Pick<MeasurementGraph, "uses" | "uncovered" | "stale"> {
  readonly uses: MeasurementGraph["uses"];
  readonly uncovered: MeasurementGraph["uncovered"];
  readonly stale: boolean;
  readonly #run: Runner;
  readonly #of: MeterOptions;
  /** The fixed batch, or the first. */
  readonly #first: Tensor;
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

  constructor(run: Runner, of: MeterOptions, first: Tensor) {
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
    const pass = await this.#next(), { program: { segments, size }, values } = pass;
    const last = Math.floor(index / size);
    if (this.#of.fresh) this.#runTo(last, pass);
    else this.#runNext(last, pass);
    const found = values.get(segments[last]!.targets[index % size]!)!;
    const [both] = await this.#run.read([found]) as unknown as [Data];
    const groups = both.length / 2;
    return Array.from(both.subarray(0, groups), (deviation, i) => ({
      deviation,
      zero: both[groups + i] === 1,
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
    const next = this.#ahead ??
      (this.#of.fresh ? this.#begin(await this.#of.nextBatch()) : this.#kept);
    this.#ahead = undefined;
    return next;
  }

  #begin(x: Tensor): Pass {
    const program = this.#programFor(x), { measurements } = program;
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
  #programFor(x: Tensor): Program {
    const known = this.#programs.get(showSpec(x));
    if (known) return known;
    const { net, params, options } = this.#of;
    const measurements = buildMeasurementGraph(net, params, x, options);
    const [first] = this.#programs.values();
    if (first && joinNames(measurements) !== joinNames(first.measurements)) {
      throw new RangeError(
        `lsuvFromBatches: expected batches that all go through ${
          joinNames(first.measurements)
        }, found ${joinNames(measurements)} for ${showSpec(x)}`,
      );
    }
    const program = this.#cut(measurements);
    this.#programs.set(showSpec(x), program);
    return program;
  }

  /**
   * Splits the measurement graph: on a fixed batch into one segment per use, else into at most
   * {@linkcode SEGMENTS}.
   */
  #cut(measurements: MeasurementGraph): Program {
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
