/**
 * Changes of a tree of plain values, and what becomes of changes that wait to be sent.
 *
 * @module
 */

/** Where in a tree: names of fields and places in lists. */
export type Path = readonly (string | number)[];

/** What stands at a place from now on. */
export type Change = readonly [path: Path, value: unknown];

type Node = Record<string | number, unknown>;

/** Puts a change into a tree, which is changed in place. */
export function applyChange(tree: object, [path, value]: Change): void {
  const inner = path.slice(0, -1).reduce((at, name) => at[name] as Node, tree as Node);
  inner[path[path.length - 1]!] = value;
}

/** Changes that wait: of several to one place only the last, and none within what is replaced. */
export class PendingChanges {
  readonly #changes = new Map<string, Change>();

  /** How many there are. */
  get size(): number {
    return this.#changes.size;
  }

  /** Adds changes, in their order. */
  add(changes: readonly Change[]): void {
    for (const change of changes) {
      const key = `${JSON.stringify(change[0]).slice(0, -1)},`;
      for (const other of this.#changes.keys()) {
        if (other.startsWith(key)) this.#changes.delete(other);
      }
      this.#changes.set(key, change);
    }
  }

  /** All of them; then there are none. */
  drain(): readonly Change[] {
    const changes = [...this.#changes.values()];
    this.#changes.clear();
    return changes;
  }
}
