/**
 * Steps that read more slots than a device can bind, cut into several.
 *
 * @module
 */
import { sourcesOf, topological } from "../graph.ts";
import type { Tensor } from "../tensor.ts";
import type { Materialization } from "./materialize.ts";

/** What each node of a step loads. */
type Loads = Map<Tensor, ReadonlySet<Tensor>>;

/** What several nodes load together. */
const loadedBy = (nodes: readonly Tensor[], loads: Loads): ReadonlySet<Tensor> =>
  new Set(nodes.flatMap((x) => [...loads.get(x)!]));

/** Of the nodes that can be stored and would save loads, the first that loads most. */
function heaviest(
  nodes: readonly Tensor[],
  loads: Loads,
  storable: ReadonlyMap<Tensor, Tensor>,
): Tensor | undefined {
  let best: Tensor | undefined;
  for (const x of nodes) {
    if (!storable.has(x) || loads.get(x)!.size < 2) continue;
    if (!best || loads.get(x)!.size > loads.get(best)!.size) best = x;
  }
  return best;
}

/** What is stored in place of a node: a map itself, for views what they view. */
function storedFor(x: Tensor, storable: ReadonlyMap<Tensor, Tensor>): Tensor | undefined {
  if (x.op.kind === "map") return x;
  return x.op.kind === "view" ? storable.get(x.args[0]!) : undefined;
}

/**
 * Nodes inside a step that, stored, leave no more loads than allowed to it and to one another: from the
 * arguments up, wherever a node would need too many, the argument that takes the most out of it.
 *
 * @param root What the step stores.
 */
export function splitStep(
  root: Tensor,
  { roots, anchors }: Materialization,
  given: ReadonlySet<Tensor>,
  maxLoads: number,
): readonly Tensor[] {
  const kernel = anchors.get(root), found: Tensor[] = [];
  const loads: Loads = new Map(), storable = new Map<Tensor, Tensor>();
  /** Nodes that need the kernel's result: they are computed where it is. */
  const finishing = new Set<Tensor>(kernel ? [kernel] : []);
  const isInside = (x: Tensor) =>
    x === root || !(roots.has(x) || given.has(x) || x.op.kind === "leaf");
  for (const x of topological([root], (x) => !isInside(x), sourcesOf)) {
    if (!isInside(x)) {
      loads.set(x, new Set([x]));
      continue;
    }
    const sources = sourcesOf(x);
    if (sources.some((a) => finishing.has(a))) finishing.add(x);
    let own = loadedBy(sources, loads);
    while (own.size > maxLoads) {
      const most = heaviest(sources, loads, storable);
      // With a result of its own, the kernel leaves everything else free to be stored.
      if (!most && kernel) return [kernel];
      if (!most) {
        throw new RangeError(
          `plan: expected a step of at most ${maxLoads} operands, found ${own.size} in ` +
            `${x.op.name} that cannot be split`,
        );
      }
      const stored = storable.get(most)!;
      found.push(stored);
      loads.set(most, new Set([stored]));
      own = loadedBy(sources, loads);
    }
    loads.set(x, own);
    const stored = finishing.has(x) ? undefined : storedFor(x, storable);
    if (stored) storable.set(x, stored);
  }
  return found;
}
