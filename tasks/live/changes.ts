/**
 * Changes of a tree of plain values, and a queue of changes to send.
 *
 * @module
 */

/** A path in a tree: names of fields and indices of lists. */
export type Path = readonly (string | number)[];

/** A change: the new value at a path. */
export type Change = readonly [path: Path, value: unknown];

type Node = Record<string | number, unknown>;

/** Applies a change to a tree in place. */
export function applyChange(tree: object, [path, value]: Change): void {
  const inner = path.slice(0, -1).reduce((at, name) => at[name] as Node, tree as Node);
  inner[path[path.length - 1]!] = value;
}

/** Changes that are not sent yet: only the last one per path, and none within a value that is replaced. */
export class PendingChanges {
  readonly #changes = new Map<string, Change>();

  /** The number of changes. */
  get size(): number {
    return this.#changes.size;
  }

  /** Adds changes, in order. */
  add(changes: readonly Change[]): void {
    for (const change of changes) {
      const key = `${JSON.stringify(change[0]).slice(0, -1)},`;
      for (const other of this.#changes.keys()) {
        if (other.startsWith(key)) this.#changes.delete(other);
      }
      this.#changes.set(key, change);
    }
  }

  /** Removes and returns all changes. */
  drain(): readonly Change[] {
    const changes = [...this.#changes.values()];
    this.#changes.clear();
    return changes;
  }
}
