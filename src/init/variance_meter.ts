/**
 * Measures a net's layers on batches, one after another: on fresh ones the net runs up to the layer, on
 * a kept one only what is new runs.
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
import { cutSegments, type Segment } from "./segments.ts";
import { describeMeasurements, type Measurements } from "./measurement_graph.ts";

/** What runs the computations: a runtime from `open()` fits. */
export interface Runner {
  /** A compiled function. */
  jit<A extends readonly Params[], R extends Params>(f: (...args: A) => R): (...args: A) => R;
  /** The elements of every tensor in a tree. */
  read<T extends Params>(tree: T): Promise<MapTree<T, Tensor, Data>>;
}

/** How one group of weights was found. */
export interface Found {
  readonly deviation: number;
  /** Whether the weights bring no variance. */
  readonly zero: boolean;
}

/**
 * The most segments of a net that run again and again: fewer than a runtime keeps plans, which makes a
 * segment several layers long where a net is deep.
 */
const SEGMENTS = 24;

/** A net ready to be measured on batches of one shape. */
interface Program {
  readonly measurements: Measurements;
  readonly segments: readonly Segment[];
  /** How many uses a segment is for; the last may be for fewer. */
  readonly size: number;
}

/** Which layers a net runs through, as text. */
const namesOf = ({ uses }: Measurements): string => uses.map(({ name }) => name).join("; ");

/** A batch at work. */
interface Pass {
  readonly program: Program;
  /** Values by the tensors of the graph that they are of. */
  readonly values: Map<Tensor, Tensor>;
}

/** What is measured, and how. */
export interface MeterOptions {
  readonly net: Layer | readonly Layer[];
  readonly params: Params;
  /** The source of batches. */
  readonly nextBatch: () => Tensor | Promise<Tensor>;
  readonly options: Resolved;
  /** Whether every measurement draws a batch; otherwise the first is kept. */
  readonly fresh: boolean;
}

/** Draws the first batch, and prepares to measure. */
export const createVarianceMeter = async (
  run: Runner,
  options: MeterOptions,
): Promise<VarianceMeter> => new VarianceMeter(run, options, await options.nextBatch());

/** Measures the layers of a net, whose parameters change meanwhile. */
export class VarianceMeter implements Pick<Measurements, "uses" | "uncovered" | "stale"> {
  readonly uses: Measurements["uses"];
  readonly uncovered: Measurements["uncovered"];
  readonly stale: boolean;
  readonly #run: Runner;
  readonly #of: MeterOptions;
  /** The batch that is kept, or the first. */
  readonly #first: Tensor;
  /** Parameters that have taken the place of others. */
  readonly #replaced = new Map<Tensor, Tensor>();
  readonly #functions = new Map<string, (...inputs: Tensor[]) => readonly Tensor[]>();
  readonly #programs = new Map<string, Program>();
  /** How many batches have begun. */
  #draws = 0;
  #kept: Pass;
  /** A batch that was drawn before it was needed. */
  #ahead: Pass | undefined;
  /** On a kept batch, the last segment that has run. */
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

  /** Measures a use of a layer. On a kept batch, those before it must have been measured. */
  async measure(index: number): Promise<readonly Found[]> {
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

  /** From now on, some of a layer's parameters are others. */
  replace(before: Params, after: Params): void {
    const next = leaves<Tensor>(after);
    leaves<Tensor>(before).forEach((w, i) => next[i] !== w && this.#replaced.set(w, next[i]!));
  }

  /** A tree of parameters as they now are. */
  current<P extends Params>(params: P): P {
    const replaced = (w: Tensor) => this.#replaced.get(w) ?? w;
    return mapTree<Tensor, Tensor, P>(replaced, params) as unknown as P;
  }

  /** Goes back to the first layer. */
  restart(): void {
    if (!this.#of.fresh) this.#kept = this.#begin(this.#first);
    this.#reached = -1;
  }

  /** What to measure on: a batch is drawn when it is needed. */
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

  /** Runs one segment, given what earlier calls left. What it begins with stays until it has run for the last time. */
  #runNext(last: number, pass: Pass): void {
    for (const { spent } of pass.program.segments.slice(Math.max(this.#reached, 0), last)) {
      drop(spent, pass);
    }
    this.#reached = last;
    this.#runSegment(pass.program.segments[last]!, pass);
  }

  #runSegment(segment: Segment, { program, values }: Pass): void {
    const { standIns } = program.measurements;
    const valueOf = (x: Tensor): Tensor => {
      const w = standIns.get(x) ?? x;
      return values.get(x) ?? this.#replaced.get(w) ?? w;
    };
    const made = this.#compiled(segment)(...segment.inputs.map(valueOf));
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

  /** The program for batches of a shape. Throws RangeError where they go through other layers than the first. */
  #programFor(x: Tensor): Program {
    const known = this.#programs.get(showSpec(x));
    if (known) return known;
    const { net, params, options } = this.#of;
    const measurements = describeMeasurements(net, params, x, options);
    const [first] = this.#programs.values();
    if (first && namesOf(measurements) !== namesOf(first.measurements)) {
      throw new RangeError(
        `lsuvFromBatches: expected batches that all go through ${
          namesOf(first.measurements)
        }, found ${namesOf(measurements)} for ${showSpec(x)}`,
      );
    }
    const program = this.#cut(measurements);
    this.#programs.set(showSpec(x), program);
    return program;
  }

  /** Cuts the graph of what is measured: on a kept batch into as many segments as there are uses, else a few. */
  #cut(measurements: Measurements): Program {
    const { uses, standIns, x, key } = measurements;
    const given = new Set([...standIns.keys(), ...leaves<Tensor>(this.#of.params), x]);
    if (key) given.add(key);
    const size = this.#of.fresh ? Math.ceil(uses.length / SEGMENTS) : 1;
    const targets: Tensor[][] = [];
    for (let at = 0; at < uses.length; at += size) {
      targets.push(uses.slice(at, at + size).map(({ found }) => found));
    }
    return { measurements, segments: cutSegments(targets, given), size };
  }
}

/** Lets go of what no later segment needs. */
function drop(spent: readonly Tensor[], { values }: Pass): void {
  for (const x of spent) values.delete(x);
}
