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
import { type Segment, segmentsOf } from "./segments.ts";
import { trace, type Traced } from "./trace.ts";

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

/** Measures a net. */
export interface Meter extends Pick<Traced, "uses" | "uncovered" | "stale"> {
  /** Measures a use of a layer. On a kept batch, those before it must have been measured. */
  measure(index: number): Promise<readonly Found[]>;
  /** From now on, some of a layer's parameters are others. */
  replace(before: Params, after: Params): void;
  /** A tree of parameters as they now are. */
  params<P extends Params>(of: P): P;
  /** Goes back to the first layer. */
  restart(): Promise<void>;
}

/**
 * The most segments of a net that run again and again: fewer than a runtime keeps plans, which makes a
 * segment several layers long where a net is deep.
 */
const SEGMENTS = 24;

/** A net ready to be measured on batches of one shape. */
interface Program {
  readonly traced: Traced;
  readonly segments: readonly Segment[];
  /** How many uses a segment is for; the last may be for fewer. */
  readonly size: number;
}

/** A batch at work. */
interface Pass {
  readonly program: Program;
  /** Values by the tensors of the graph that they are of. */
  readonly values: Map<Tensor, Tensor>;
}

/** Draws the first batch, and prepares to measure. */
export async function meterOf(
  run: Runner,
  net: Layer | readonly Layer[],
  params: Params,
  nextBatch: () => Tensor | Promise<Tensor>,
  options: Resolved,
  fresh: boolean,
): Promise<Meter> {
  const now = new Map<Tensor, Tensor>();
  const functions = new Map<string, (...inputs: Tensor[]) => readonly Tensor[]>();
  const programs = new Map<string, Program>();

  const programFor = (x: Tensor): Program => {
    const known = programs.get(showSpec(x));
    if (known) return known;
    const traced = trace(net, params, x, options), { uses, standIns, key } = traced;
    const given = new Set([...standIns.keys(), ...leaves<Tensor>(params), traced.x]);
    if (key) given.add(key);
    const size = fresh ? Math.ceil(uses.length / SEGMENTS) : 1;
    const targets: Tensor[][] = [];
    for (let at = 0; at < uses.length; at += size) {
      targets.push(uses.slice(at, at + size).map(({ found }) => found));
    }
    const names = ({ uses }: Traced) => uses.map(({ name }) => name).join("; ");
    for (const { traced: first } of programs.values()) {
      if (names(traced) === names(first)) continue;
      throw new RangeError(
        `lsuvFromBatches: expected batches that all go through ${names(first)}, found ${
          names(traced)
        } for ${showSpec(x)}`,
      );
    }
    const program = { traced, segments: segmentsOf(targets, given), size };
    programs.set(showSpec(x), program);
    return program;
  };

  const compiled = ({ text, compute }: Segment) => {
    let f = functions.get(text);
    if (!f) {
      f = run.jit(function lsuv(...inputs: Tensor[]) {
        return compute(...inputs);
      });
      functions.set(text, f);
    }
    return f;
  };

  const runSegment = (segment: Segment, { program: { traced: { standIns } }, values }: Pass) => {
    const valueOf = (x: Tensor): Tensor => {
      const w = standIns.get(x) ?? x;
      return values.get(x) ?? now.get(w) ?? w;
    };
    const made = compiled(segment)(...segment.inputs.map(valueOf));
    made.forEach((value, i) => values.set(segment.outputs[i]!, value));
  };

  let draws = 0;
  const begin = (x: Tensor): Pass => {
    const program = programFor(x), { traced } = program;
    const values = new Map([[traced.x, x]]);
    if (traced.key) {
      const { key } = options;
      values.set(
        traced.key,
        fresh ? foldIn(key!, tensor(Uint32Array.of(draws++), [])) : key!,
      );
    }
    return { program, values };
  };

  const first = await nextBatch();
  let kept = begin(first), ahead: Pass | undefined = kept;
  /** What to measure on: a batch is drawn when it is needed. */
  const pass = async (): Promise<Pass> => {
    const next = ahead ?? (fresh ? begin(await nextBatch()) : kept);
    ahead = undefined;
    return next;
  };
  let reached = -1;

  const { uses, uncovered, stale } = kept.program.traced;
  return {
    uses,
    uncovered,
    stale,
    async measure(index) {
      const at = await pass(), { program: { segments, size }, values } = at;
      const last = Math.floor(index / size);
      // What a segment of the kept batch begins with is needed until it has run for the last time.
      const spent = (from: number, to: number) => {
        for (const { spent } of segments.slice(from, to)) for (const x of spent) values.delete(x);
      };
      if (fresh) {
        for (let i = 0; i <= last; i++) {
          runSegment(segments[i]!, at);
          spent(i, i + 1);
        }
      } else {
        spent(Math.max(reached, 0), last);
        reached = last;
        runSegment(segments[last]!, at);
      }
      const found = values.get(segments[last]!.targets[index % size]!)!;
      const [both] = await run.read([found]) as unknown as [Data];
      const groups = both.length / 2;
      return Array.from(both.subarray(0, groups), (deviation, i) => ({
        deviation,
        zero: both[groups + i] === 1,
      }));
    },
    replace(before, after) {
      const next = leaves<Tensor>(after);
      leaves<Tensor>(before).forEach((w, i) => next[i] !== w && now.set(w, next[i]!));
    },
    params: (of) => mapTree<Tensor, Tensor, typeof of>((w) => now.get(w) ?? w, of) as never,
    restart() {
      if (!fresh) kept = begin(first);
      reached = -1;
      return Promise.resolve();
    },
  };
}
