/**
 * Global value numbering: nodes of a graph that compute the same from the same nodes become one, such as
 * two means of a tensor, or the sum that two gradients need.
 *
 * @module
 */
import { isFlat, sameShape } from "../shape.ts";
import { showAttrs } from "../signature.ts";
import { asArg } from "../spec.ts";
import { type Op, Tensor } from "../tensor.ts";
import type { SourceGraph } from "./source_graph.ts";

/** Merges equal nodes; outputs stay distinct, and so do parts of concatenations. */
export function mergeEqualNodes(graph: SourceGraph): SourceGraph {
  const { given, outputs, order } = graph, numbering = new Numbering(given);
  const parts = new Set(order.flatMap(({ op, args }) => op.kind === "concat" ? args : []));
  const isOutput = new Set(outputs), made = new Map<Tensor, Tensor>();
  const nodes = new Map<number, Tensor>(), taken = new Set<Tensor>([...given, ...parts]);
  for (const x of order) {
    let number = parts.has(x) ? numbering.distinct(x) : numbering.of(x), node = nodes.get(number);
    if (isOutput.has(x) && node && (taken.has(node) || node.op.kind === "leaf")) {
      number = numbering.distinct(x);
      node = undefined;
    }
    node ??= withSources(x, made);
    if (isOutput.has(x)) taken.add(node);
    nodes.set(number, node);
    made.set(x, node);
  }
  return { ...graph, outputs: outputs.map((x) => made.get(x)!), order: [...nodes.values()] };
}

/** The numbers of nodes: equal for two that compute the same. */
class Numbering {
  readonly #given: ReadonlySet<Tensor>;
  readonly #numbers = new Map<Tensor, number>();
  readonly #known = new Map<string, number>();
  readonly #ops = new Map<Op, number>();
  readonly #flattened = new Map<Tensor, Tensor>();
  #next = 0;

  constructor(given: ReadonlySet<Tensor>) {
    this.#given = given;
  }

  /** The number of a node whose sources have theirs. */
  of(x: Tensor): number {
    const { op } = x;
    if (this.#given.has(x) || op.kind === "leaf" || op.kind === "concat") return this.distinct(x);
    const same = this.#withoutFlatViews(x);
    if (same !== x && sameShape(same.shape, x.shape)) {
      const number = this.#numbers.get(same)!;
      this.#numbers.set(x, number);
      return number;
    }
    const text = this.#describe(x), number = this.#known.get(text) ?? this.distinct(x);
    this.#known.set(text, number);
    this.#numbers.set(x, number);
    return number;
  }

  /** A number that no other node has. */
  distinct(x: Tensor): number {
    this.#numbers.set(x, this.#next);
    return this.#next++;
  }

  #describe(x: Tensor): string {
    const { op, attrs, shape, dtype, args } = x;
    if (op.kind === "view") {
      const view = op.view(asArg(args[0]!), attrs), source = this.#withoutFlatViews(args[0]!);
      const how = isFlat(view, source.size) ? shape.join() : JSON.stringify(view);
      return `view ${how} of ${this.#numbers.get(source)}`;
    }
    const from = args.map((arg) => this.#numbers.get(arg)).join();
    return `${this.#numberOf(op)} ${showAttrs(attrs)} ${dtype} ${shape} of ${from}`;
  }

  /** The tensor under views that keep the order of all elements; that of a node's sources is known. */
  #withoutFlatViews(x: Tensor): Tensor {
    const known = this.#flattened.get(x);
    if (known) return known;
    let under = x;
    while (this.#isFlatView(under)) {
      const source = under.args[0]!;
      under = this.#flattened.get(source) ?? source;
    }
    this.#flattened.set(x, under);
    return under;
  }

  #isFlatView(x: Tensor): boolean {
    const { op, args: [source], attrs } = x;
    if (op.kind !== "view" || this.#given.has(x)) return false;
    return isFlat(op.view(asArg(source!), attrs), source!.size);
  }

  #numberOf(op: Op): number {
    const number = this.#ops.get(op) ?? this.#ops.size;
    this.#ops.set(op, number);
    return number;
  }
}

/** A node that reads what its sources have become. */
function withSources(x: Tensor, made: ReadonlyMap<Tensor, Tensor>): Tensor {
  const args = x.args.map((arg) => made.get(arg) ?? arg);
  return args.every((arg, i) => arg === x.args[i]) ? x : new Tensor(x.op, args, x.attrs, x, x.data);
}
