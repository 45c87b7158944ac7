/**
 * Import cycles in a graph of files.
 *
 * @module
 */

/** The imports of each file. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * The cycles of a graph: every strongly connected component of several files, or of one that imports
 * itself. Tarjan's algorithm, without recursion so that its depth has no limit.
 *
 * Source: R. Tarjan, "Depth-first search and linear graph algorithms", 1972.
 */
export function findCircles(graph: Graph): string[][] {
  const index = new Map<string, number>(), low = new Map<string, number>();
  const open: string[] = [], isOpen = new Set<string>(), circles: string[][] = [];

  const enter = (file: string) => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    open.push(file);
    isOpen.add(file);
    return { file, targets: (graph.get(file) ?? []).values() };
  };
  const lower = (file: string, to: number) => low.set(file, Math.min(low.get(file)!, to));
  const close = (file: string) => {
    const members = open.splice(open.indexOf(file));
    members.forEach((member) => isOpen.delete(member));
    if (members.length > 1 || graph.get(file)?.includes(file)) circles.push(members.sort());
  };

  for (const root of graph.keys()) {
    if (index.has(root)) continue;
    const path = [enter(root)];
    while (path.length > 0) {
      const { file, targets } = path.at(-1)!, { value: target, done } = targets.next();
      if (done) {
        path.pop();
        if (low.get(file) === index.get(file)) close(file);
        if (path.length > 0) lower(path.at(-1)!.file, low.get(file)!);
      } else if (!index.has(target)) path.push(enter(target));
      else if (isOpen.has(target)) lower(file, index.get(target)!);
    }
  }
  return circles;
}

/** A shortest path around a cycle, from its first file back to it. */
export function shortestCircle(circle: readonly string[], graph: Graph): string[] {
  const [start] = circle, within = new Set(circle);
  const ways: string[][] = [[start!]], seen = new Set<string>();
  for (const way of ways) {
    for (const target of graph.get(way.at(-1)!) ?? []) {
      if (target === start) return [...way, target];
      if (!within.has(target) || seen.has(target)) continue;
      seen.add(target);
      ways.push([...way, target]);
    }
  }
  return [...circle];
}
