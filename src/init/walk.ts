/**
 * The weight layers of a net as they really run: what an initialization folds over.
 *
 * @module
 */
import { checkParts, showPath } from "../nn/check.ts";
import type { Layer, Unit } from "../nn/layer.ts";
import { type Call, traverse } from "../nn/traverse.ts";
import { constant } from "../ops/mod.ts";
import type { Key } from "../random.ts";
import type { Params, Tensor } from "../tensor.ts";
import { leaves } from "../tree.ts";
import type { Resolved } from "./lsuv_options.ts";
import { ParameterLedger } from "./parameter_ledger.ts";
import { ParameterPaths, type Path } from "./parameter_paths.ts";

/** A layer with weights that runs. */
export interface Visit {
  /** Path, kind and, where it says more, which use: `[2][0] conv`, `[0] dense, use 2`. */
  readonly name: string;
  readonly unit: Unit;
  readonly params: Params;
  readonly x: Tensor;
  /** The tensors of its parameters that scaling changes. */
  readonly weights: readonly Tensor[];
  /** Whether its weights may be scaled: they are parameters, and nothing has used them before. */
  readonly free: boolean;
  /** What leaves the layer. */
  apply(params: Params): Tensor;
  /** With `normalize: "input"`, what the layers after it without parameters make of that. */
  tail(y: Tensor): Tensor;
}

/** What a visit comes to. */
export interface Settled {
  /** What leaves the segment, with these parameters. */
  readonly end: Tensor;
  /** The layer's parameters from now on, if they are others. */
  readonly params?: Params;
}

/** What a walk comes to. */
export interface Walked<P extends Params> {
  readonly output: Tensor;
  /** The net's parameters, with those that visits gave in place of the former. */
  readonly params: P;
  /** Parameters of two axes and more that no weight layer has, by path: whether the output needs them. */
  readonly uncovered: Readonly<Record<string, boolean>>;
  /**
   * Whether parameters that a visit replaced were used elsewhere as they were: then what was measured
   * is not what the new ones do.
   */
  readonly stale: boolean;
}

/** A layer whose parts run. */
interface Frame {
  readonly path: Path;
  /** Whether x goes through its parts one after another. */
  readonly chain: boolean;
  /** The last part that has parameters, if nothing after this layer has. */
  readonly lastPart: number;
}

/** A visit put off until something with parameters follows. */
interface Pending {
  readonly at: Visit;
  /** The layers without parameters that have run since. */
  readonly steps: ((y: Tensor) => Tensor)[];
}

type WalkOptions = Pick<Resolved, "normalize" | "chosen">;

const hasParams = (params: Params): boolean => leaves<Tensor>(params).length > 0;

/** Throws RangeError unless parameters nest as the layers do. */
function checkNesting({ layers }: Layer, params: Params, path: Path = []): void {
  if (!layers) return;
  checkParts("lsuv", layers.length, params, showPath(path));
  layers.forEach((part, i) => checkNesting(part, params[i]!, [...path, i]));
}

/** The name of a layer at a path. */
export const layerName = ({ kind }: Layer, path: Path): string =>
  `${showPath(path)} ${kind}`.trim();

/** The tensors of a layer's parameters that scaling changes. */
function weightsOf(unit: Unit, params: Params): Tensor[] {
  const scaled = leaves<Tensor>(unit.scale(params, constant(1, [unit.pieces])));
  return leaves<Tensor>(params).filter((w, i) => w !== scaled[i]);
}

/** Visits the layers of a net that have weights, as they are called. */
class Walk {
  readonly ledger: ParameterLedger;
  readonly #options: WalkOptions;
  readonly #visit: (at: Visit) => Settled;
  readonly #paths = new ParameterPaths();
  /** How often each layer has been used, by name. */
  readonly #times = new Map<string, number>();
  #frame: Frame = { path: [], chain: false, lastPart: 0 };
  #pending: Pending | undefined;

  constructor(params: Params, options: WalkOptions, visit: (at: Visit) => Settled) {
    this.ledger = new ParameterLedger(params);
    this.#options = options;
    this.#visit = visit;
    this.#paths.add(params);
  }

  /** What leaves a layer that is called. */
  call(call: Call): Tensor {
    const isSegmentsEnd = !this.#frame.chain, y = this.#through(call);
    return isSegmentsEnd ? this.#close(y) : y;
  }

  #through(call: Call): Tensor {
    const { layer, params, x } = call;
    if (!hasParams(params)) {
      this.#pending?.steps.push((y) => call.apply(params, y));
      return call.apply(params, x);
    }
    return layer.unit ? this.#use(call, layer.unit) : this.#enter(call);
  }

  /** A layer whose parts run. */
  #enter(call: Call): Tensor {
    const { layer, params, x } = call;
    const chain = layer.layers !== undefined && !layer.flow, path = this.#pathOf(call);
    const lastPart = !this.#isLast(call)
      ? Infinity
      : chain
      ? (params as readonly Params[]).findLastIndex(hasParams)
      : 0;
    const entering = chain ? x : this.#close(x);
    const own = layer.layers ? params : this.ledger.current(params);
    if (own !== params) this.#paths.add(own, path);
    return this.#inside({ path, chain, lastPart }, () => call.descend(own, entering));
  }

  /** A layer with weights at work. */
  #use(call: Call, unit: Unit): Tensor {
    const x = this.#close(call.x), params = this.ledger.current(call.params), { layer } = call;
    const weights = weightsOf(unit, params);
    this.ledger.look(x);
    const name = layerName(layer, this.#pathOfWeights(call, weights));
    const free = this.ledger.areFree(weights), whose = this.ledger.describe(weights);
    this.ledger.use(params, name);
    if (!this.#options.chosen({ name, layer, last: this.#isLast(call) })) {
      return call.apply(params, x);
    }
    const at: Visit = {
      name: this.#nameUse(name, free ? undefined : whose),
      unit,
      params,
      x,
      weights,
      free,
      apply: (params) => call.apply(params, x),
      tail: (y) => y,
    };
    if (this.#options.normalize === "output") return this.#settle(at);
    this.#pending = { at, steps: [] };
    return at.apply(params);
  }

  /** The name of a use: that of the layer, and what sets it apart from the layer's first. */
  #nameUse(name: string, whose: string | undefined): string {
    const nth = (this.#times.get(name) ?? 0) + 1;
    this.#times.set(name, nth);
    if (nth > 1) return `${name}, use ${nth}`;
    return whose ? `${name}, ${whose}` : name;
  }

  /** Visits, and takes over what the visit came to. */
  #settle(at: Visit): Tensor {
    const { end, params } = this.#visit(at);
    if (params) this.ledger.replace(at.params, params);
    return end;
  }

  /** Ends the segment that is open, given what leaves it as things were. */
  #close(y: Tensor): Tensor {
    if (!this.#pending) return y;
    const { at, steps } = this.#pending;
    this.#pending = undefined;
    return this.#settle({ ...at, tail: (y) => steps.reduce((y, step) => step(y), y) });
  }

  #inside(next: Frame, f: () => Tensor): Tensor {
    const outer = this.#frame;
    this.#frame = next;
    try {
      return f();
    } finally {
      this.#frame = outer;
    }
  }

  /** Whether nothing with parameters follows. */
  #isLast({ part }: Call): boolean {
    const { chain, lastPart } = this.#frame;
    return chain && part !== undefined ? part >= lastPart : lastPart < Infinity;
  }

  #pathOf({ part, params }: Call): Path {
    const { path } = this.#frame;
    return part !== undefined ? [...path, part] : this.#paths.find(params, path) ?? path;
  }

  /** Where a layer with weights is: if its parameters were put together by a layer around it, by the weights. */
  #pathOfWeights(call: Call, weights: readonly Tensor[]): Path {
    const { path } = this.#frame;
    const isMade = call.part === undefined && this.#paths.find(call.params, path) === undefined;
    return isMade ? this.#paths.find(weights[0] ?? [], path) ?? path : this.#pathOf(call);
  }
}

/**
 * Runs a net; each use of a layer with weights that is chosen is given to `visit`. With
 * `normalize: "input"` that is put off until what leaves the layer enters another with parameters, or
 * leaves a branch or a layer of one's own.
 *
 * @param key If given, dropout drops exactly as in the net called with it.
 */
export function walk<P extends Params>(
  net: Layer,
  params: P,
  x: Tensor,
  key: Key | undefined,
  options: WalkOptions,
  visit: (at: Visit) => Settled,
): Walked<P> {
  checkNesting(net, params);
  const walk = new Walk(params, options, visit), { ledger } = walk;
  const output = traverse(net, params, x, key, (call) => walk.call(call));
  ledger.look(output);
  return {
    output,
    params: ledger.current(params),
    uncovered: ledger.uncovered(),
    stale: ledger.isStale,
  };
}
