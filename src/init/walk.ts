/**
 * The weight layers of a net as they really run: what an initialization folds over.
 *
 * @module
 */
import { showPath } from "../nn/check.ts";
import type { Layer, Unit } from "../nn/layer.ts";
import { type Call, traverse } from "../nn/traverse.ts";
import { constant } from "../ops/mod.ts";
import type { Key } from "../random.ts";
import type { Params, Tensor } from "../tensor.ts";
import { entries, leaves, mapTree } from "../tree.ts";
import type { Resolved } from "./lsuv_options.ts";
import { type Path, Places, Uses } from "./places.ts";

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
  /** With `normalize: "input"`, what the layers behind it without parameters make of that. */
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
  /** The last part that has parameters, if nothing behind this layer has. */
  readonly lastPart: number;
}

/** A visit put off until something with parameters follows. */
interface Pending {
  readonly at: Visit;
  readonly steps: ((y: Tensor) => Tensor)[];
}

const hasParams = (params: Params): boolean => leaves<Tensor>(params).length > 0;

/** Throws RangeError unless parameters nest as the layers do. */
function checkParams({ layers }: Layer, params: Params, path: Path = []): void {
  if (!layers) return;
  if (!Array.isArray(params) || params.length !== layers.length) {
    throw new RangeError(
      `lsuv: expected parameters of ${layers.length} layers${path.length ? " at " : ""}${
        showPath(path)
      }, found ${Array.isArray(params) ? params.length : typeof params}`,
    );
  }
  layers.forEach((part, i) => checkParams(part, params[i], [...path, i]));
}

/** The name of a layer at a path. */
export const nameOf = ({ kind }: Layer, path: Path): string => `${showPath(path)} ${kind}`.trim();

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
  { normalize, chosen }: Pick<Resolved, "normalize" | "chosen">,
  visit: (at: Visit) => Settled,
): Walked<P> {
  checkParams(net, params);
  const all = new Set(leaves<Tensor>(params)), places = new Places(), uses = new Uses(all);
  places.add(params);
  /** Parameters in the place of others, and the names of the layers that have used each. */
  const replaced = new Map<Tensor, Tensor>(), users = new Map<Tensor, string>();
  const times = new Map<string, number>();
  let frame: Frame = { path: [], chain: false, lastPart: 0 };
  let pending: Pending | undefined;

  const current = <T extends Params>(tree: T): T =>
    mapTree<Tensor, Tensor, T>((w) => replaced.get(w) ?? w, tree) as unknown as T;

  const settle = (at: Visit): Tensor => {
    const { end, params: next } = visit(at);
    const before = leaves<Tensor>(at.params);
    if (next) {
      leaves<Tensor>(next).forEach((w, i) => {
        const old = before[i]!;
        if (w === old) return;
        replaced.set(old, w);
        users.set(w, users.get(old)!);
        uses.skip(w);
      });
    }
    return end;
  };

  /** Ends the segment that is open, given what leaves it as things were. */
  const close = (y: Tensor): Tensor => {
    if (!pending) return y;
    const { at, steps } = pending;
    pending = undefined;
    return settle({ ...at, tail: (y) => steps.reduce((y, step) => step(y), y) });
  };

  const inside = (next: Frame, f: () => Tensor): Tensor => {
    const outer = frame;
    frame = next;
    try {
      return f();
    } finally {
      frame = outer;
    }
  };

  const isLast = ({ part }: Call): boolean =>
    frame.chain && part !== undefined ? part >= frame.lastPart : frame.lastPart < Infinity;

  const pathOf = ({ part, params }: Call): Path =>
    part !== undefined ? [...frame.path, part] : places.find(params, frame.path) ?? frame.path;

  /** A layer with weights at work. */
  const use = (call: Call, unit: Unit): Tensor => {
    const x = close(call.x), own = current(call.params), { layer } = call;
    const scaled = leaves<Tensor>(unit.scale(own, constant(1, [unit.pieces])));
    const weights = leaves<Tensor>(own).filter((w, i) => w !== scaled[i]);
    uses.look(x);
    const path = call.part === undefined && places.find(call.params, frame.path) === undefined
      ? places.find(weights[0] ?? [], frame.path) ?? frame.path
      : pathOf(call);
    const base = nameOf(layer, path), taken = chosen({ name: base, layer, last: isLast(call) });
    const earlier = weights.map((w) => users.get(w)).find((name) => name !== undefined);
    const free = weights.length > 0 &&
      weights.every((w) => all.has(w) && !users.has(w) && !uses.found.has(w));
    for (const w of leaves<Tensor>(own)) if (!users.has(w)) users.set(w, base);
    if (!taken) return call.apply(own, x);
    const nth = (times.get(base) ?? 0) + 1;
    times.set(base, nth);
    const name = base +
      (nth > 1
        ? `, use ${nth}`
        : free
        ? ""
        : earlier
        ? `, weights of ${earlier}`
        : weights.every((w) => all.has(w))
        ? ", weights used before"
        : ", weights that are no parameters");
    const apply = (params: Params) => call.apply(params, x);
    const at: Visit = { name, unit, params: own, x, weights, free, apply, tail: (y) => y };
    if (normalize === "output") return settle(at);
    pending = { at, steps: [] };
    return apply(own);
  };

  const through = (call: Call): Tensor => {
    const { layer, params, x } = call;
    if (!hasParams(params)) {
      pending?.steps.push((y) => call.apply(params, y));
      return call.apply(params, x);
    }
    if (layer.unit) return use(call, layer.unit);
    const chain = layer.layers !== undefined && !layer.flow, path = pathOf(call);
    const lastPart = !isLast(call)
      ? Infinity
      : chain
      ? (params as readonly Params[]).findLastIndex(hasParams)
      : 0;
    const entering = chain ? x : close(x), own = layer.layers ? params : current(params);
    if (own !== params) places.add(own, path);
    return inside({ path, chain, lastPart }, () => call.descend(own, entering));
  };

  const output = traverse(net, params, x, key, (call) => {
    const ends = !frame.chain, y = through(call);
    return ends ? close(y) : y;
  });
  uses.look(output);
  const uncovered = entries<Tensor>(params).filter(([, w]) => w.rank >= 2 && !users.has(w));
  return {
    output,
    params: current(params),
    uncovered: Object.fromEntries(uncovered.map(([path, w]) => [path, uses.found.has(w)])),
    stale: [...uses.found].some((w) => replaced.has(w)),
  };
}
