/**
 * Splits a step that reads more slots than a device can bind.
 *
 * @module
 */
import { sourcesOf, topological } from "../graph.ts";
import type { Tensor } from "../tensor.ts";
import type { Materialization } from "./materialize.ts";

/** The slots that each node of a step loads. */
type Loads = Map<Tensor, ReadonlySet<Tensor>>;

/** The union of what nodes load. */
const loadedBy = (nodes: readonly Tensor[], loads: Loads): ReadonlySet<Tensor> =>
  new Set(nodes.flatMap((x) => [...loads.get(x)!]));

/** The first of the storable nodes that load the most, at least two slots. */
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

/** What to store for a node: a map itself, for a view its source. */
function storedFor(x: Tensor, storable: ReadonlyMap<Tensor, Tensor>): Tensor | undefined {
  if (x.op.kind === "map") return x;
  return x.op.kind === "view" ? storable.get(x.args[0]!) : undefined;
}

/**
 * Nodes inside a step to store such that neither it nor they load more than `maxLoads` slots. In
 * topological order: where a node would load too many, its argument that loads the most is stored.
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
  /** Nodes that depend on the kernel's result: they must stay in its step. */
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
      // Storing the kernel's result makes everything else storable.
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
