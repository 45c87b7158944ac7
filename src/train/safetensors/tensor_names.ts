/**
 * Matches the names of a file's tensors with those that a net has for them.
 *
 * @module
 */
import { closestString } from "../../closest_string.ts";
import { SafetensorsError } from "./safetensors_error.ts";

/** Modules that wrap another one somewhere in a net, whose names come before those within. */
const INNER = new Set([
  "module",
  "_orig_mod",
  "_fsdp_wrapped_module",
  "_checkpoint_wrapped_module",
]);

/** Prefixes of names where a whole net is a part of something else. */
const OUTER = new Set([...INNER, "model", "net", "network", "state_dict"]);

/**
 * Every name that a tensor may have without the wrappers around it, from the longest to the shortest:
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

/** The tensors of a file that a net has, by its names, and the names of the others. */
export interface Matched<T> {
  readonly found: ReadonlyMap<string, T>;
  /** Tensors of integers that the net does not have: counters, position ids. */
  readonly leftOut: readonly string[];
}

/**
 * Finds the tensors of a net. Wrappers before a name (`module.`, `_orig_mod.`, `model.`, `net.`,
 * `state_dict.`, …, also several) do not count. Throws a SafetensorsError where two tensors have
 * one name, or where a tensor of floating-point numbers is none of the net's.
 *
 * @param expected The names of the net's tensors.
 * @param showExpected How an error puts them.
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
