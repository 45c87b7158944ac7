/**
 * Matches the tensor names of a file with those of a net.
 *
 * @module
 */
import { closestString } from "../../closest_string.ts";
import { SafetensorsError } from "./safetensors_error.ts";

/** Wrapper modules, which may add their name anywhere in a tensor's name. */
const INNER = new Set([
  "module",
  "_orig_mod",
  "_fsdp_wrapped_module",
  "_checkpoint_wrapped_module",
]);

/** Prefixes that are added when a whole net is part of something else. */
const OUTER = new Set([...INNER, "model", "net", "network", "state_dict"]);

/**
 * The candidate names of a tensor without wrappers, from the longest to the shortest:
 * `_orig_mod.module.conv1.weight` may be `module.conv1.weight` or `conv1.weight`.
 */
function unwrapped(name: string): string[] {
  const parts = name.split("."), names = [name];
  for (let from = 0; from < parts.length && OUTER.has(parts[from]!); from++) {
    names.push(parts.slice(from + 1).join("."));
  }
  const without = (each: string) => each.split(".").filter((part) => !INNER.has(part)).join(".");
  return [...names, ...names.map(without)];
}

/** The result of {@linkcode matchTensors}. */
export interface Matched<T> {
  /** The tensors of the file, by the net's names. */ readonly found: ReadonlyMap<string, T>;
  /** Integer tensors that the net does not have, such as counters and position ids. */
  readonly leftOut: readonly string[];
}

/**
 * Finds the tensors of a net in a file. Wrapper prefixes (`module.`, `_orig_mod.`, `model.`, `net.`,
 * `state_dict.`, …, also several) are ignored. Throws a SafetensorsError if two tensors have one name, or
 * if the net does not have a floating-point tensor.
 *
 * @param expected The names of the net's tensors.
 * @param showExpected These names as text, for errors.
 */
export function matchTensors<T>(
  tensors: ReadonlyMap<string, T>,
  expected: readonly string[],
  isInteger: (tensor: T) => boolean,
  showExpected: string,
): Matched<T> {
  const names = new Set(expected), found = new Map<string, T>(), from = new Map<string, string>();
  const leftOut: string[] = [], strays: string[] = [];
  for (const [stored, each] of tensors) {
    const name = unwrapped(stored).find((one) => names.has(one));
    if (name === undefined) {
      (isInteger(each) ? leftOut : strays).push(stored);
      continue;
    }
    if (found.has(name)) {
      throw new SafetensorsError(
        `safetensors: expected one tensor for ${name}, found ${from.get(name)} and ${stored}`,
      );
    }
    found.set(name, each);
    from.set(name, stored);
  }
  const [stray] = strays;
  if (stray === undefined) return { found, leftOut };
  const free = expected.filter((name) => !found.has(name)), bare = unwrapped(stray).at(-1)!;
  const near = closestString(bare, free) ?? closestString(bare, expected);
  throw new SafetensorsError(
    `safetensors: expected ${showExpected}, found ${stray}${near ? `; did you mean ${near}?` : ""}`,
  );
}
