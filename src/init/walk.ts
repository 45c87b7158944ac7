/**
 * A net as a list of units in execution order: what an initialisation folds over.
 *
 * Nested chains are taken apart into steps. Each step with weights opens a segment, to which belong
 * the plain steps (activation, pooling, dropout) up to the next weights. A layer that branches is a
 * segment too, and its branches are walked one after another.
 *
 * @module
 */
import { located, showPath } from "../nn/check.ts";
import type { Layer, Unit } from "../nn/layer.ts";
import { type Key, split } from "../random.ts";
import type { Params, Tensor } from "../tensor.ts";

/** Where a layer stands: the indices that lead to it, and to its parameters. */
export type Path = readonly number[];

/** A layer with weights, in its place. */
export interface Place {
  readonly path: Path;
  /** Path and kind, such as `[2][0] conv`. */
  readonly name: string;
  readonly layer: Layer;
  readonly unit: Unit;
  /** Whether no weights follow. */
  readonly last: boolean;
}

/** A layer with weights at work. */
export interface Visit extends Place {
  readonly params: Params;
  /** Weights times input, without the biases: {@linkcode Unit.linear}. */
  readonly linear: Tensor;
  /** The plain layers behind it: from its output (after the maximum over pieces) to the segment's end. */
  tail(y: Tensor): Tensor;
}

interface Step {
  readonly path: Path;
  readonly layer: Layer;
  readonly key?: Key | undefined;
}

interface Segment {
  /** The layer with weights, or the one that branches; absent in front of the first. */
  readonly head?: Step;
  readonly tail: readonly Step[];
  readonly last: boolean;
}

function stepsOf(step: Step): Step[] {
  return step.layer.layers && !step.layer.flow ? partsOf(step).flatMap(stepsOf) : [step];
}

function partsOf({ path, layer, key }: Step): Step[] {
  const layers = layer.layers ?? [], keys = key && split(key, layers.length);
  return layers.map((part, i) => ({ path: [...path, i], layer: part, key: keys?.[i]! }));
}

const hasWeights = (layer: Layer): boolean =>
  layer.unit !== undefined || (layer.layers ?? []).some(hasWeights);

function segmentsOf(steps: readonly Step[], last: boolean): Segment[] {
  const segments: { head?: Step; tail: Step[] }[] = [{ tail: [] }];
  for (const step of steps) {
    if (hasWeights(step.layer)) segments.push({ head: step, tail: [] });
    else segments[segments.length - 1]!.tail.push(step);
  }
  return segments.map((segment, i) => ({ ...segment, last: last && i === segments.length - 1 }));
}

function placeOf({ path, layer }: Step, last: boolean): Place {
  return { path, name: `${showPath(path)} ${layer.kind}`, layer, unit: layer.unit!, last };
}

function placesOf(steps: readonly Step[], last: boolean): Place[] {
  return segmentsOf(steps, last).flatMap(({ head, last }) => {
    if (!head) return [];
    if (head.layer.unit) return [placeOf(head, last)];
    return partsOf(head).flatMap((part) => placesOf(stepsOf(part), last));
  });
}

/** Steps of a list of layers. Throws if it is empty, as an initialisation of nothing is a mistake. */
function chainOf(layers: readonly Layer[], key?: Key): Step[] {
  if (layers.length === 0) throw new RangeError("lsuv: expected at least one layer, found none");
  const keys = key && split(key, layers.length);
  return layers.flatMap((layer, i) => stepsOf({ path: [i], layer, key: keys?.[i] }));
}

/** The layers with weights in execution order. */
export const places = (layers: readonly Layer[]): Place[] => placesOf(chainOf(layers), true);

/** The parameters at a path. */
export const paramsAt = (params: Params, path: Path): Params =>
  path.reduce<Params>((inner, i) => (inner as readonly Params[])[i]!, params);

/** Throws RangeError unless parameters nest as the layers do. */
function checkParams(layers: readonly Layer[], params: Params, path: Path = []): void {
  if (!Array.isArray(params) || params.length !== layers.length) {
    throw new RangeError(
      `lsuv: expected parameters of ${layers.length} layers${path.length ? " at " : ""}${
        showPath(path)
      }, found ${Array.isArray(params) ? params.length : typeof params}`,
    );
  }
  layers.forEach(({ layers: parts }, i) => parts && checkParams(parts, params[i], [...path, i]));
}

/** The parameters with those at a path replaced. */
export function replaceAt<P extends Params>(params: P, [i, ...rest]: Path, by: Params): P {
  if (i === undefined) return by as P;
  const list = params as readonly Params[];
  return list.map((inner, at) => at === i ? replaceAt(inner, rest, by) : inner) as Params as P;
}

/**
 * Sends x through the layers. Each layer with weights is given to `visit`, which returns what leaves
 * its segment.
 *
 * @param key If given, dropout drops exactly as in a sequential net called with it.
 */
export function walk(
  layers: readonly Layer[],
  params: Params,
  x: Tensor,
  key: Key | undefined,
  visit: (at: Visit) => Tensor,
): Tensor {
  /** Messages of errors inside a branching layer begin with its path, and go on from its `depth`. */
  const through = (steps: readonly Step[], last: boolean, x: Tensor, depth: number): Tensor =>
    segmentsOf(steps, last).reduce((x, { head, tail, last }) => {
      const inPlace = <T>({ path }: Step, f: () => T): T => located(path.slice(depth), f);
      const apply = (step: Step, x: Tensor) =>
        inPlace(step, () => step.layer(paramsAt(params, step.path), x, step.key));
      const behind = (y: Tensor) => tail.reduce((y, step) => apply(step, y), y);
      if (!head) return behind(x);
      if (head.layer.unit) {
        const place = placeOf(head, last), own = paramsAt(params, head.path);
        const linear = inPlace(head, () => place.unit.linear(own, x));
        return visit({ ...place, params: own, linear, tail: behind });
      }
      const parts = partsOf(head), inside = head.path.length;
      const branch = (i: number, x: Tensor) => through(stepsOf(parts[i]!), last, x, inside);
      return behind(inPlace(head, () => head.layer.flow!(branch, x)));
    }, x);
  const steps = chainOf(layers, key);
  checkParams(layers, params);
  return through(steps, true, x, 0);
}
