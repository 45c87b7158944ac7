/**
 * Saves parameters to safetensors files, and loads them.
 *
 * @module
 */
import type { Runtime } from "../../runtime/mod.ts";
import type { Data } from "../../host_data.ts";
import { type Params, type Tensor, tensor } from "../../tensor.ts";
import { showSpec, type Spec } from "../../spec.ts";
import { entries, type MapTree, unflatten } from "../../tree.ts";
import { encodeSafetensors, SafetensorsError, type StoredTensor } from "./safetensors.ts";
import { type Entry, openSafetensors } from "./header.ts";
import { matchTensors } from "./tensor_names.ts";

/**
 * The name of a tree's path in a file: `[0].w` becomes `0.w`, `[2][0].b` becomes `2.0.b`.
 *
 * @example
 * ```ts
 * import { train } from "@goodinit/goodinit";
 *
 * console.assert(train.storedName("[2][0].b") === "2.0.b");
 * ```
 */
export const storedName = (path: string): string =>
  path.replace(/\[(\d+)\]/g, ".$1").replace(/^\./, "");

/** The leaves of a tree by their names in a file. Throws SafetensorsError if two names are equal. */
function named(tree: Params): Map<string, Tensor> {
  const all = new Map<string, Tensor>();
  for (const [path, x] of entries<Tensor>(tree)) {
    const name = storedName(path);
    if (all.has(name)) {
      throw new SafetensorsError(`safetensors: expected one name per tensor, found two of ${name}`);
    }
    all.set(name, x);
  }
  return all;
}

/** Reads the tensors of a tree from the device in one transfer, by their names in a file. */
export async function readTensors(run: Runtime, tree: Params): Promise<Map<string, StoredTensor>> {
  const all = [...named(tree)];
  const read: readonly Data[] = await run.read(all.map(([, x]) => x));
  return new Map(all.map(([name, { shape }], i) => [name, { shape, data: read[i]! }]));
}

/**
 * Encodes parameters (or any tree) as a safetensors file, read from the device in one transfer. Tensors are
 * named by their paths, joined by dots: `0.w`, `0.b`, `2.w`.
 *
 * @param metadata Strings to store with them; a list of strings, such as `classNames`, is stored as JSON.
 *
 * @example
 * ```ts
 * import { open, tensor, train } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const bytes = await train.saveParams(run, [{ w: tensor([[1, 2]]), b: tensor([0]) }], { note: "tiny" });
 * const { tensors, metadata } = train.decodeSafetensors(bytes);
 * console.assert([...tensors.keys()].join() === "0.w,0.b" && metadata.note === "tiny");
 * ```
 */
export async function saveParams(
  run: Runtime,
  params: Params,
  metadata: Readonly<Record<string, string | readonly string[]>> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const texts = Object.entries(metadata).map(([name, value]) =>
    [name, typeof value === "string" ? value : JSON.stringify(value)] as const
  );
  return encodeSafetensors(await readTensors(run, params), Object.fromEntries(texts));
}

/** Options of {@linkcode loadParams}. */
export interface LoadOptions {
  /**
   * Called with the names of integer tensors that are in the file but not in the tree, such as PyTorch's
   * `num_batches_tracked`, if there are any. They are ignored.
   */
  readonly onLeftOut?: (names: readonly string[]) => void;
}

/**
 * Loads parameters from the bytes of a safetensors file. F16, BF16 and F64 become f32, integers of other
 * widths i32 or u32. Prefixes that PyTorch's wrappers add to names are ignored: `module.`, `_orig_mod.`,
 * `model.`, `net.`, `state_dict.`, also several of them.
 *
 * @param like A tree of the expected structure, shapes and types, such as that of `net.init`; it is not
 * computed.
 * @throws SafetensorsError on a damaged file, and on other names, shapes or types; integer tensors that the
 * tree does not have are ignored.
 *
 * @example
 * ```ts
 * import { key, nn, open, train } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = nn.dense(3), params = net.init(key(0), { shape: [1, 4], dtype: "f32" });
 * const bytes = await train.saveParams(run, params, { note: "untrained" });
 * const again = train.loadParams(bytes, params);
 * console.assert(again.w.shape.join() === "4,3");
 * ```
 */
export function loadParams<P extends Params>(
  bytes: Uint8Array<ArrayBuffer>,
  like: P,
  options: LoadOptions = {},
): P {
  return unflattenNamed(
    readNamed(openSafetensors(bytes).entries, [...named(like).keys()], options),
    like,
  );
}

/** Reads the tensors of these names from a file, in the order of `names`; missing ones are left out. */
export function readNamed(
  entries: ReadonlyMap<string, Entry>,
  names: readonly string[],
  { onLeftOut }: LoadOptions,
  showNames = `the tensors ${names.join(", ")}`,
): Map<string, StoredTensor> {
  const { found, leftOut } = matchTensors(entries, names, ({ integer }) => integer, showNames);
  if (leftOut.length > 0) onLeftOut?.(leftOut);
  return new Map(
    names.flatMap((name) => {
      const entry = found.get(name);
      return entry ? [[name, { shape: entry.shape, data: entry.read() }]] : [];
    }),
  );
}

/**
 * Builds a tree of the structure of `like` from tensors by name. Throws a SafetensorsError on missing or
 * extra names, and on other specs.
 */
export function unflattenNamed<P extends Params>(
  tensors: ReadonlyMap<string, StoredTensor>,
  like: P,
): P {
  const expected = named(like);
  const extra = [...tensors.keys()].find((name) => !expected.has(name));
  if (extra !== undefined) {
    throw new SafetensorsError(
      `safetensors: expected the tensors ${[...expected.keys()].join(", ")}, found ${extra}`,
    );
  }
  const values = [...expected].map(([name, spec]) => checkedTensor(name, tensors.get(name), spec));
  return unflatten<P, Tensor, Tensor>(like, values) as MapTree<P, Tensor, Tensor> as unknown as P;
}

function checkedTensor(name: string, found: StoredTensor | undefined, spec: Spec): Tensor {
  const value = found && tensor(found.data, found.shape);
  if (value && showSpec(value) === showSpec(spec)) return value;
  throw new SafetensorsError(
    `safetensors: ${name}: expected ${showSpec(spec)}, found ${value ? showSpec(value) : "none"}`,
  );
}
