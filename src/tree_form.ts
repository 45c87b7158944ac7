/**
 * The form of a tree: how its arrays and records nest around its leaves. Trees of a known form are read and
 * made without recursion, in one pass, for frequent calls.
 *
 * @module
 */

/** The property that marks an object as a leaf rather than a record of trees. */
export const LEAF: unique symbol = Symbol("goodinit.leaf");

/** An object that trees treat as a leaf. */
export interface Leaf {
  /** Always true. */
  readonly [LEAF]: true;
}

/** Whether a value is a leaf. */
export const isLeaf = (tree: unknown): boolean =>
  typeof tree === "object" && tree !== null && LEAF in tree;

/** Whether a value is a plain object, as written in braces: not a promise, a map or a typed array. */
export function isRecord(tree: unknown): tree is { readonly [name: string]: never } {
  if (typeof tree !== "object" || tree === null) return false;
  const prototype = Object.getPrototypeOf(tree);
  return prototype === null || prototype === Object.prototype;
}

/** The keys of an array or record. */
export const namesIn = (part: object): readonly string[] =>
  Array.isArray(part) ? Array.from(part, (_, i) => `${i}`) : Object.keys(part);

/** An array or record, or a leaf. */
interface Part {
  readonly kind: "leaf" | "list" | "record";
  /** The length of an array or record. */
  readonly size: number;
  /** The keys of a record, and a record that has them. */
  readonly names: readonly string[];
  readonly blank: object;
}

const ANY_LEAF: Part = { kind: "leaf", size: 0, names: [], blank: {} };

function partOf(part: object): Part {
  if (isLeaf(part)) return ANY_LEAF;
  if (Array.isArray(part)) return { kind: "list", size: part.length, names: [], blank: {} };
  const names = Object.keys(part), blank = Object.fromEntries(names.map((name) => [name, 0]));
  return { kind: "record", size: names.length, names, blank };
}

const haveSameNames = (names: readonly string[], found: readonly string[]): boolean => {
  for (let i = 0; i < names.length; i++) if (names[i] !== found[i]) return false;
  return names.length === found.length;
};

/** The form of a tree, which does not refer to the tree's leaves. */
export class TreeForm {
  /** The parts, each before those inside it. */
  readonly #parts: readonly Part[];

  /** @param like A tree of this form. */
  constructor(like: unknown) {
    const parts: Part[] = [], left = [like];
    while (left.length > 0) {
      const tree = left.pop() as Record<string, unknown>;
      parts.push(partOf(tree));
      if (isLeaf(tree)) continue;
      for (const name of namesIn(tree).toReversed()) left.push(tree[name]);
    }
    this.#parts = parts;
  }

  /**
   * Appends the leaves of a tree to a list, depth first; returns false, with some appended, if the tree is of
   * another form.
   */
  collect(tree: unknown, into: unknown[]): boolean {
    const parts = this.#parts;
    if (parts.length === 1 && parts[0]!.kind === "leaf") return isLeaf(tree) && into.push(tree) > 0;
    const left = [tree];
    for (let i = 0; i < parts.length; i++) {
      const { kind, size, names } = parts[i]!, found = left.pop();
      if (kind === "leaf") {
        if (!isLeaf(found)) return false;
        into.push(found);
      } else if (kind === "list") {
        if (!Array.isArray(found) || found.length !== size) return false;
        for (let k = size - 1; k >= 0; k--) left.push(found[k]);
      } else {
        if (!isRecord(found) || isLeaf(found)) return false;
        if (!haveSameNames(names, Object.keys(found))) return false;
        for (let k = size - 1; k >= 0; k--) left.push(found[names[k]!]);
      }
    }
    return true;
  }

  /** A tree of this form with the given leaves, depth first. */
  make(leaves: readonly unknown[]): unknown {
    const parts = this.#parts, made: unknown[] = [];
    let next = leaves.length;
    // From the last part to the first, so that what is inside a part is made before it.
    for (let i = parts.length - 1; i >= 0; i--) {
      const { kind, size, names, blank } = parts[i]!;
      if (kind === "leaf") made.push(leaves[--next]);
      else if (kind === "list") {
        const list: unknown[] = [];
        for (let k = 0; k < size; k++) list.push(made.pop());
        made.push(list);
      } else {
        const record: Record<string, unknown> = { ...blank };
        for (let k = 0; k < size; k++) record[names[k]!] = made.pop();
        made.push(record);
      }
    }
    return made[0];
  }
}
