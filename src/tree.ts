/**
 * Trees: values nested in arrays and records. Parameters, optimizer states and batches are trees of
 * tensors, and every transform takes whole trees.
 *
 * @module
 */
import { isLeaf, isRecord, type Leaf, namesIn, TreeForm } from "./tree_form.ts";

export { LEAF, type Leaf } from "./tree_form.ts";

/** A leaf, or an array or record of trees. */
export type Tree<L> = L | readonly Tree<L>[] | { readonly [name: string]: Tree<L> };

/** The type of tree `T` with every leaf `A` replaced by `B`. */
export type MapTree<T, A, B> = T extends A ? B : { readonly [K in keyof T]: MapTree<T[K], A, B> };

function children<L>(tree: Tree<L>, path: string): [string, Tree<L>][] {
  if (Array.isArray(tree)) return tree.map((child, i) => [`${path}[${i}]`, child]);
  if (isRecord(tree)) {
    const join = path === "" ? "" : `${path}.`;
    return Object.entries(tree).map(([name, child]) => [join + name, child]);
  }
  throw new TypeError(
    `tree${path && " " + path}: expected a tensor, or an array or record of them, found ${tree}`,
  );
}

/** The deepest nesting of trees; a deeper one must contain itself. */
const MOST_DEPTH = 100_000;

function checkDepth(depth: number): void {
  if (depth < MOST_DEPTH) return;
  throw new TypeError(
    `tree: expected at most ${MOST_DEPTH} levels, found one that contains itself`,
  );
}

/** Marks where an array or record ends. */
const END = Symbol("end");

/**
 * The leaves of a tree with their paths (`[0].w`), depth first, records in insertion order. Throws
 * TypeError on a leaf that is not a tensor.
 *
 * @example
 * ```ts
 * import { type Tensor, tensor, tree } from "@goodinit/goodinit";
 *
 * const params = [{ w: tensor([1, 2]), b: tensor(0) }];
 * const paths = tree.entries<Tensor>(params).map(([path]) => path);
 * console.assert(paths.join() === "[0].w,[0].b");
 * ```
 */
export function entries<L extends Leaf>(tree: Tree<L>, path = ""): [string, L][] {
  const found: [string, L][] = [],
    left: [path: string, part: Tree<L>, depth: number][] = [
      [path, tree, 0],
    ];
  for (let next = left.pop(); next; next = left.pop()) {
    const [at, part, depth] = next;
    if (isLeaf(part)) {
      found.push([at, part as L]);
      continue;
    }
    checkDepth(depth);
    const parts = children<L>(part, at);
    for (let i = parts.length - 1; i >= 0; i--) left.push([...parts[i]!, depth + 1]);
  }
  return found;
}

/**
 * The leaves of a tree, depth first.
 *
 * @example
 * ```ts
 * import { type Tensor, tensor, tree } from "@goodinit/goodinit";
 *
 * const params = [{ w: tensor([1, 2]), b: tensor(0) }];
 * console.assert(tree.leaves<Tensor>(params).map((x) => x.size).join() === "2,1");
 * ```
 */
export const leaves = <L extends Leaf>(tree: Tree<L>): L[] => entries<L>(tree).map(([, x]) => x);

const named = (name: string) => /^[\w$]+$/.test(name) ? name : JSON.stringify(name);

/**
 * Appends a tree's leaves to a list and returns its {@linkcode structure}, in one pass, for frequent calls.
 *
 * @param path The path of the tree itself, for errors.
 *
 * @example
 * ```ts
 * import { type Tensor, tensor, tree } from "@goodinit/goodinit";
 *
 * const leaves: Tensor[] = [];
 * console.assert(tree.flatten({ w: tensor([1, 2]), b: tensor(0) }, leaves, "params") === "{w:*,b:*}");
 * console.assert(leaves.length === 2);
 * ```
 */
export function flatten<L extends Leaf>(tree: Tree<L>, into: L[], path: string): string {
  /** What is left to write: a text, followed by a part of the tree or the end of one. */
  const texts = [""], parts: (Tree<L> | typeof END)[] = [tree];
  let text = "", depth = 0;
  while (parts.length > 0) {
    const part = parts.pop()!;
    text += texts.pop()!;
    if (part === END) depth--;
    else if (isLeaf(part)) {
      into.push(part as L);
      text += "*";
    } else {
      if (!Array.isArray(part) && !isRecord(part)) entries(tree, path);
      checkDepth(++depth);
      const inside = part as { readonly [name: string]: Tree<L> };
      const isList = Array.isArray(part), names = namesIn(part);
      text += isList ? "[" : "{";
      texts.push(isList ? "]" : "}");
      parts.push(END);
      for (let i = names.length - 1; i >= 0; i--) {
        const name = names[i]!;
        texts.push((i > 0 ? "," : "") + (isList ? "" : `${named(name)}:`));
        parts.push(inside[name]!);
      }
    }
  }
  return text;
}

/**
 * The nesting of a tree as text, with `*` for leaves; equal for two trees exactly if they have the same
 * structure.
 *
 * @example
 * ```ts
 * import { tensor, tree } from "@goodinit/goodinit";
 *
 * console.assert(tree.structure([{ w: tensor([1, 2]) }, tensor(0)]) === "[{w:*},*]");
 * ```
 */
export const structure = <L extends Leaf>(tree: Tree<L>): string => flatten<L>(tree, [], "");

/**
 * Applies `f` to the leaves of a tree and the leaves at the same paths of `rest`; returns a tree of the
 * same structure. Throws TypeError if the structures differ.
 *
 * @example
 * ```ts
 * import { ops, type Tensor, tensor, tree } from "@goodinit/goodinit";
 *
 * const params = { w: tensor([1, 2]), b: tensor(0) };
 * const halved = tree.mapTree((x: Tensor) => ops.mul(x, 0.5), params);
 * console.assert(halved.w.shape.join() === "2");
 * ```
 */
export const mapTree = <L extends Leaf, R, T extends Tree<L>>(
  f: (leaf: L, ...rest: L[]) => R,
  tree: T,
  ...rest: readonly Tree<L>[]
): MapTree<T, L, R> => {
  const others = alignedLeaves<L>("mapTree", tree, rest);
  return unflatten<T, L, R>(tree, leaves<L>(tree).map((x, i) => f(x, ...others.map((o) => o[i]!))));
};

/**
 * Applies `f` to the path and value of each leaf of a tree, and to the leaves at the same paths of `rest`;
 * returns a tree of the same structure. As JAX's `tree_map_with_path`, with paths as text, those of
 * {@linkcode entries}. Throws TypeError if the structures differ.
 *
 * @example
 * ```ts
 * import { ops, type Tensor, tensor, tree } from "@goodinit/goodinit";
 *
 * const params = { w: tensor([1, 2]), b: tensor(0) };
 * const decayed = tree.mapTreeWithPath(
 *   (path, x: Tensor) => path === "w" ? ops.mul(x, 0.5) : x,
 *   params,
 * );
 * console.assert(decayed.w.shape.join() === "2" && decayed.b === params.b);
 * ```
 */
export const mapTreeWithPath = <L extends Leaf, R, T extends Tree<L>>(
  f: (path: string, leaf: L, ...rest: L[]) => R,
  tree: T,
  ...rest: readonly Tree<L>[]
): MapTree<T, L, R> => {
  const others = alignedLeaves<L>("mapTreeWithPath", tree, rest);
  return unflatten<T, L, R>(
    tree,
    entries<L>(tree).map(([path, x], i) => f(path, x, ...others.map((o) => o[i]!))),
  );
};

/** The leaves of each of `rest`. Throws TypeError unless they have the structure of `tree`. */
function alignedLeaves<L extends Leaf>(
  name: string,
  tree: Tree<L>,
  rest: readonly Tree<L>[],
): L[][] {
  const expected = structure<L>(tree);
  for (const other of rest) {
    const found = structure<L>(other);
    if (found === expected) continue;
    throw new TypeError(`${name}: expected trees that nest alike, found ${expected} and ${found}`);
  }
  return rest.map((other) => leaves<L>(other));
}

/**
 * A tree of the structure of `like` with the given leaves, in the order of {@linkcode leaves}.
 *
 * @example
 * ```ts
 * import { type Tensor, tensor, tree } from "@goodinit/goodinit";
 *
 * const params = { w: tensor([1, 2]), b: tensor(0) };
 * const sizes = tree.unflatten(params, tree.leaves<Tensor>(params).map((x) => x.size));
 * console.assert(JSON.stringify(sizes) === '{"w":2,"b":1}');
 * ```
 */
export const unflatten = <T, L extends Leaf, R>(
  like: T,
  values: readonly R[],
): MapTree<T, L, R> => new TreeForm(like).make(values) as MapTree<T, L, R>;
