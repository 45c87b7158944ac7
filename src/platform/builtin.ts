/**
 * Node's built-in modules, which Deno and Bun have too.
 *
 * @module
 */

interface Process {
  getBuiltinModule?(name: string): unknown;
}

/**
 * A built-in module of Node, loaded without an import, which browsers and their bundlers would stumble over;
 * undefined in a browser.
 */
export function builtin<T>(name: string): T | undefined {
  const { process } = globalThis as { readonly process?: Process };
  return process?.getBuiltinModule?.(name) as T | undefined;
}
