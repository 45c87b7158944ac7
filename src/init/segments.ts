/**
 * A graph cut into segments that run one after another, each from what earlier ones left: so that a part
 * of it can run again without what comes before, and equal parts are compiled once.
 *
 * @module
 */
import { showAttrs, signature } from "../signature.ts";
import { type Op, Tensor } from "../tensor.ts";
import { sourcesOf, topological } from "../graph.ts";

/** A part of a graph. */
export interface Segment {
  /** What it needs: given tensors, and what earlier segments leave. */
  readonly inputs: readonly Tensor[];
  /** Its targets, in the order in which they were asked for. */
  readonly targets: readonly Tensor[];
  /** They, and what later segments need of it. */
  readonly outputs: readonly Tensor[];
  /** Of what earlier segments leave, what no later one needs. */
  readonly spent: readonly Tensor[];
  /** A text that segments share exactly if one function serves both. */
  readonly text: string;
  /** The outputs from the inputs. */
  compute(...inputs: readonly Tensor[]): readonly Tensor[];
}

/** Neither computed in a segment nor made of nothing: a value from outside. */
const isOutside = (x: Tensor): boolean => x.op.kind === "leaf";

/** Describes tensors anew, in an order with arguments first, from other inputs. */
function rebuild(
  order: readonly Tensor[],
  from: readonly Tensor[],
  to: readonly Tensor[],
  outputs: readonly Tensor[],
): readonly Tensor[] {
  const made = new Map(from.map((x, i) => [x, to[i]!]));
  for (const x of order) {
    if (made.has(x)) continue;
    const args = sourcesOf(x).map((arg) => made.get(arg)!);
    made.set(x, new Tensor(x.op, args, x.attrs, x));
  }
  return outputs.map((x) => made.get(x)!);
}

/** For each tensor of a graph, the first that is computed in the same way, itself described by such ones. */
function merged(order: readonly Tensor[], given: ReadonlySet<Tensor>): ReadonlyMap<Tensor, Tensor> {
  const known = new Map<string, Tensor>(), first = new Map<Tensor, Tensor>();
  const ops = new Map<Op, number>(), numbers = new Map<Tensor, number>();
  for (const x of order) {
    let same: Tensor | undefined = x;
    if (!given.has(x) && !isOutside(x)) {
      if (!ops.has(x.op)) ops.set(x.op, ops.size);
      const args = sourcesOf(x).map((arg) => first.get(arg)!), { dtype, shape } = x;
      const text = `${ops.get(x.op)} ${args.map((arg) => numbers.get(arg))} ${dtype}${shape} ${
        showAttrs(x.attrs)
      }`;
      same = known.get(text);
      if (!same) {
        same = new Tensor(x.op, args, x.attrs, x);
        known.set(text, same);
      }
    }
    first.set(x, same);
    if (!numbers.has(same)) numbers.set(same, numbers.size);
  }
  return first;
}

/**
 * Cuts a graph: the first segment computes the first targets, the next what is then missing for the
 * next ones.
 *
 * @param targets What each segment is for.
 * @param given Tensors that are given, besides data.
 */
export function cutSegments(
  targets: readonly (readonly Tensor[])[],
  given: ReadonlySet<Tensor>,
): readonly Segment[] {
  const madeIn = new Map<Tensor, number>(), neededIn = new Map<Tensor, number>();
  const ends = (x: Tensor) => given.has(x) || isOutside(x);
  const first = merged(topological(targets.flat(), ends, sourcesOf), given);
  const parts = targets.map((wanted, at) => {
    const roots = wanted.map((x) => first.get(x)!);
    const enters = (x: Tensor) => ends(x) || (madeIn.get(x) ?? at) < at;
    const order = topological(roots, enters, sourcesOf);
    const inputs = order.filter(enters);
    for (const x of inputs) neededIn.set(x, at);
    // What is made of nothing, such as constants, each segment makes for itself.
    for (const x of order) if (!enters(x) && sourcesOf(x).length > 0) madeIn.set(x, at);
    return { roots, order, inputs };
  });
  const kept = parts.map((): Tensor[] => []), spent = parts.map((): Tensor[] => []);
  for (const [x, last] of neededIn) {
    const at = madeIn.get(x);
    if (at === undefined || given.has(x)) continue;
    kept[at]!.push(x);
    spent[last]!.push(x);
  }
  return parts.map(({ roots, order, inputs }, at) => {
    const outputs = [...roots, ...kept[at]!.filter((x) => !roots.includes(x))];
    return {
      targets: roots,
      inputs,
      outputs,
      spent: spent[at]!,
      text: signature(order, inputs, outputs),
      compute: (...values) => rebuild(order, inputs, values, outputs),
    };
  });
}
