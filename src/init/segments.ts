/**
 * Splits a graph into segments that run one after another, so that a part can run again alone, and equal
 * segments are compiled once.
 *
 * @module
 */
import { showAttrs, signature } from "../signature.ts";
import { type Op, Tensor } from "../tensor.ts";
import { sourcesOf, topological } from "../graph.ts";

/** A segment of a graph. */
export interface Segment {
  /** Given tensors, and outputs of earlier segments. */
  readonly inputs: readonly Tensor[];
  /** Its targets, in the requested order. */
  readonly targets: readonly Tensor[];
  /** The targets, and the tensors that later segments need. */
  readonly outputs: readonly Tensor[];
  /** Outputs of earlier segments that no later one needs. */
  readonly spent: readonly Tensor[];
  /** A signature: segments with the same one can share a compiled function. */
  readonly text: string;
  /** Computes the outputs from the inputs. */
  compute(...inputs: readonly Tensor[]): readonly Tensor[];
}

/** Whether a tensor is a leaf: a value from outside the graph. */
const isOutside = (x: Tensor): boolean => x.op.kind === "leaf";

/** Rebuilds a graph, in topological order, on other inputs. */
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

/** Merges equal computations: for each tensor of a graph, the one that replaces it. */
function mergeEqual(
  order: readonly Tensor[],
  given: ReadonlySet<Tensor>,
): ReadonlyMap<Tensor, Tensor> {
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
 * Splits a graph: each segment computes its targets from the outputs of earlier segments.
 *
 * @param targets The targets of each segment.
 * @param given Tensors that are given, in addition to host data.
 */
export function splitIntoSegments(
  targets: readonly (readonly Tensor[])[],
  given: ReadonlySet<Tensor>,
): readonly Segment[] {
  const madeIn = new Map<Tensor, number>(), neededIn = new Map<Tensor, number>();
  const ends = (x: Tensor) => given.has(x) || isOutside(x);
  const first = mergeEqual(topological(targets.flat(), ends, sourcesOf), given);
  const parts = targets.map((wanted, at) => {
    const roots = wanted.map((x) => first.get(x)!);
    const enters = (x: Tensor) => ends(x) || (madeIn.get(x) ?? at) < at;
    const order = topological(roots, enters, sourcesOf);
    const inputs = order.filter(enters);
    for (const x of inputs) neededIn.set(x, at);
    // Tensors without arguments, such as constants, are recomputed in each segment.
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
