/**
 * Walks the weight layers of a net in execution order; initialization folds over them.
 *
 * @module
 */
import { checkParts, showPath } from "../nn/check.ts";
import type { Layer, Unit } from "../nn/layer.ts";
import { type Call, traverse } from "../nn/traverse.ts";
import { constant } from "../ops/mod.ts";
import type { Key } from "../random.ts";
import { sameShape } from "../shape.ts";
import type { Params, Tensor } from "../tensor.ts";
import { leaves } from "../tree.ts";
import type { Resolved } from "./lsuv_options.ts";
import { ParameterLedger } from "./parameter_ledger.ts";
import { ParameterPaths, type Path } from "./parameter_paths.ts";

/** A use of a layer with weights. */
export interface Visit {
  /** Path, kind and, if needed, which use: `[2][0] conv`, `[0] dense, use 2`. */
  readonly name: string;
  readonly unit: Unit;
  readonly params: Params;
  readonly x: Tensor;
  /** Its parameters that scaling changes. */
  readonly weights: readonly Tensor[];
  /** Whether its weights may be scaled: they are parameters that nothing has used before. */
  readonly free: boolean;
  /** The layer's output. */
  apply(params: Params): Tensor;
  /** Except with `normalize: "output"`, applies the rest of the segment to the output. */
  tail(y: Tensor): Tensor;
}

/** The result of a visit. */
export interface Settled {
  /** The output of the segment, with these parameters. */
  readonly end: Tensor;
  /** The layer's new parameters, if it has any. */
  readonly params?: Params;
}

/** The result of a walk. */
export interface Walked<P extends Params> {
  readonly output: Tensor;
  /** The net's parameters, with those that visits replaced. */
  readonly params: P;
  /**
   * Parameters of at least two axes that are in no weight layer, by path: whether the output depends on
   * them.
   */
  readonly uncovered: Readonly<Record<string, boolean>>;
  /**
   * Whether replaced parameters were used elsewhere with their old values, so that measurements are out of
   * date.
   */
  readonly stale: boolean;
  /** Whether a layer normalized by what it observed of the batch. */
  readonly observes: boolean;
}

/** A layer whose parts are running. */
interface Frame {
  readonly path: Path;
  /** Whether its parts run in sequence. */
  readonly chain: boolean;
  /** The last part that has parameters, if no layer with parameters follows this one. */
  readonly lastPart: number;
}

/** A visit that is deferred until a layer with parameters follows. */
interface Pending {
  readonly at: Visit;
  /** The layers without parameters that have run since. */
  readonly steps: ((y: Tensor) => Tensor)[];
}

type WalkOptions = Pick<Resolved, "normalize" | "chosen">;

const hasParams = (params: Params): boolean => leaves<Tensor>(params).length > 0;

/** Throws RangeError unless parameters are nested as the layers are. */
function checkNesting({ layers }: Layer, params: Params, path: Path = []): void {
  if (!layers) return;
  checkParts("lsuv", layers.length, params, showPath(path));
  layers.forEach((part, i) => checkNesting(part, params[i]!, [...path, i]));
}

/** The name of a layer at a path. */
export const layerName = ({ kind }: Layer, path: Path): string =>
  `${showPath(path)} ${kind}`.trim();

/** The parameters of a layer that scaling changes. */
function scaledWeights(unit: Unit, params: Params): Tensor[] {
  const scaled = leaves<Tensor>(unit.scale(params, constant(1, [unit.pieces])));
  return leaves<Tensor>(params).filter((w, i) => w !== scaled[i]);
}

/** Visits the layers with weights of a net as they are called. */
class Walk {
  readonly ledger: ParameterLedger;
  readonly #options: WalkOptions;
  readonly #visit: (at: Visit) => Settled;
  readonly #paths = new ParameterPaths();
  /** The number of uses of each layer, by name. */
  readonly #times = new Map<string, number>();
  #frame: Frame = { path: [], chain: false, lastPart: 0 };
  #pending: Pending | undefined;
  /** Whether a layer has learned from the batch without gradients. */
  observes = false;

  constructor(params: Params, options: WalkOptions, visit: (at: Visit) => Settled) {
    this.ledger = new ParameterLedger(params);
    this.#options = options;
    this.#visit = visit;
    this.#paths.add(params);
  }

  /** The output of a layer that is called. */
  call(call: Call): Tensor {
    const isSegmentsEnd = !this.#frame.chain, y = this.#through(call);
    return isSegmentsEnd ? this.#close(y) : y;
  }

  #through(call: Call): Tensor {
    const { layer, params } = call;
    if (!hasParams(params)) return this.#passThrough(call);
    return layer.unit ? this.#use(call, layer.unit) : this.#enter(call);
  }

  /** Runs a layer without parameters, which the pending segment includes, unless it ends before it. */
  #passThrough({ params, x, apply }: Call): Tensor {
    const y = apply(params, x);
    if (this.#options.normalize === "activation" && !sameShape(x.shape, y.shape)) {
      return apply(params, this.#close(x));
    }
    this.#pending?.steps.push((y) => apply(params, y));
    return y;
  }

  /** Runs a layer through its parts. */
  #enter(call: Call): Tensor {
    const { layer, params, x } = call;
    const chain = layer.layers !== undefined && !layer.flow, path = this.#pathOf(call);
    const lastPart = !this.#isLast(call)
      ? Infinity
      : chain
      ? (params as readonly Params[]).findLastIndex(hasParams)
      : 0;
    const entering = chain ? x : this.#close(x);
    const own = this.#paramsFor(layer, params, entering);
    if (own !== params) this.#paths.add(own, path);
    return this.#inside({ path, chain, lastPart }, () => call.descend(own, entering));
  }

  /**
   * The parameters that a layer without weights runs with. What it learns without gradients is that of x,
   * as in training, where batch norm normalizes by the batch's statistics.
   */
  #paramsFor(layer: Layer, params: Params, x: Tensor): Params {
    if (layer.layers) return params;
    const current = this.ledger.current(params);
    if (!layer.observe) return current;
    this.observes = true;
    return layer.observe(current, x, 1);
  }

  /** Runs a layer with weights, and visits it if it is selected. */
  #use(call: Call, unit: Unit): Tensor {
    const x = this.#close(call.x), params = this.ledger.current(call.params), { layer } = call;
    const weights = scaledWeights(unit, params);
    this.ledger.recordUses(x);
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

  /** The name of a use: that of the layer, and, except for its first use, which use it is. */
  #nameUse(name: string, whose: string | undefined): string {
    const nth = (this.#times.get(name) ?? 0) + 1;
    this.#times.set(name, nth);
    if (nth > 1) return `${name}, use ${nth}`;
    return whose ? `${name}, ${whose}` : name;
  }

  /** Visits, and applies the visit's result. */
  #settle(at: Visit): Tensor {
    const { end, params } = this.#visit(at);
    if (params) this.ledger.replace(at.params, params);
    return end;
  }

  /** Ends the pending segment, if there is one, and returns its output; else `y`. */
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

  /** Whether no layer with parameters follows. */
  #isLast({ part }: Call): boolean {
    const { chain, lastPart } = this.#frame;
    return chain && part !== undefined ? part >= lastPart : lastPart < Infinity;
  }

  #pathOf({ part, params }: Call): Path {
    const { path } = this.#frame;
    return part !== undefined ? [...path, part] : this.#paths.find(params, path) ?? path;
  }

  /** The path of a layer with weights; if the layer around it assembled its parameters, that of its weights. */
  #pathOfWeights(call: Call, weights: readonly Tensor[]): Path {
    const { path } = this.#frame;
    const isMade = call.part === undefined && this.#paths.find(call.params, path) === undefined;
    return isMade ? this.#paths.find(weights[0] ?? [], path) ?? path : this.#pathOf(call);
  }
}

/**
 * Runs a net, and calls `visit` for each use of a selected layer with weights. With `normalize: "input"`
 * the visit is deferred until the output enters another layer with parameters, or leaves a branch or a
 * custom layer; with `activation`, also until a layer changes its shape.
 *
 * @param key If given, dropout is active, exactly as in the net called with it.
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
  ledger.recordUses(output);
  return {
    output,
    params: ledger.current(params),
    uncovered: ledger.uncovered(),
    stale: ledger.isStale,
    observes: walk.observes,
  };
}
