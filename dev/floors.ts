/**
 * Checks who imports whom: a file of `src` imports its own floor or a lower one, and no package;
 * only the WebGPU device says `navigator.gpu`, only the CPU device says `WebAssembly`.
 *
 * @module
 */

/** A source file: its path from the repository's root, with forward slashes, and its text. */
export interface Source {
  /** Such as `src/ops/conv.ts`. */
  readonly path: string;
  /** The whole file. */
  readonly text: string;
}

/** Each floor of `src`, with the folders and files that stand on it. */
const FLOORS: readonly (readonly [floor: number, paths: readonly string[]])[] = [
  [0, [
    "src/tree.ts",
    "src/tuple.ts",
    "src/shape.ts",
    "src/threefry.ts",
    "src/host_data.ts",
    "src/memory/",
    "src/error_context.ts",
    "src/closest_string.ts",
  ]],
  [1, [
    "src/tensor.ts",
    "src/labels.ts",
    "src/signature.ts",
    "src/show/",
  ]],
  [2, ["src/ops/"]],
  [3, ["src/cotangents.ts", "src/grad.ts", "src/random.ts"]],
  [3.5, ["src/nn/", "src/init/", "src/optim/", "src/models/"]],
  [4, ["src/plan/"]],
  [5, ["src/device/"]],
  [6, ["src/runtime/"]],
  [6.5, ["src/data/", "src/train/"]],
];

/** Words that only one folder may say. */
const RESERVED: readonly (readonly [pattern: RegExp, word: string, folder: string])[] = [
  [/\bnavigator\s*\??\.\s*gpu\b/, "navigator.gpu", "src/device/webgpu/"],
  [/\bWebAssembly\b/, "WebAssembly", "src/device/cpu/"],
];

const IMPORT = /^\s*(?:import|export)\s(?:[^"'`;]*?\sfrom\s*)?["']([^"']+)["']/gm;
const DYNAMIC_IMPORT = /\bimport\(\s*["'`]([^"'`]+)["'`]/g;

const withoutComments = (text: string): string =>
  text.replace(/\/\*\*?[^]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");

/** What a file imports, as written. */
export function importsOf(text: string): string[] {
  const code = withoutComments(text);
  return [IMPORT, DYNAMIC_IMPORT].flatMap((pattern) =>
    [...code.matchAll(pattern)].map(([, specifier]) => specifier!)
  );
}

/** The floor that a file or folder stands on; undefined for one on none. */
export function floorOf(path: string): number | undefined {
  return FLOORS.find(([, paths]) =>
    paths.some((each) => each.endsWith("/") ? path.startsWith(each) : path === each)
  )?.[0];
}

const resolved = (specifier: string, from: string): string =>
  new URL(specifier, `file:///${from}`).pathname.slice(1);

function faultyImport(path: string, specifier: string): string | undefined {
  if (!/^\.{1,2}\//.test(specifier)) {
    return `${path}: expected relative imports only, found "${specifier}"`;
  }
  const target = resolved(specifier, path), floor = floorOf(path), targetFloor = floorOf(target);
  if (!target.startsWith("src/")) return `${path}: expected imports from src, found "${target}"`;
  if (path === "mod.ts" || floor === undefined) return undefined;
  if (targetFloor === undefined || targetFloor <= floor) return undefined;
  return `${path}: expected imports from floor ${floor} or lower, ` +
    `found "${target}" on floor ${targetFloor}`;
}

/** Every fault in the given files of `src` and `mod.ts`, one line each; empty when all is well. */
export function faults(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const code = withoutComments(text);
    const lost = path.startsWith("src/") && floorOf(path) === undefined
      ? [`${path}: expected a floor in the table of dev/floors.ts, found none`]
      : [];
    const imports = importsOf(text).map((specifier) => faultyImport(path, specifier));
    const words = RESERVED.filter(([pattern, , folder]) =>
      !path.startsWith(folder) && pattern.test(code)
    ).map(([, word, folder]) => `${path}: expected "${word}" in ${folder} only, found it here`);
    return [...lost, ...imports.filter((fault) => fault !== undefined), ...words];
  });
}

async function* filesUnder(root: string, folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${folder}`)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* filesUnder(root, path);
    else if (/\.tsx?$/.test(name)) yield path;
  }
}

/** `mod.ts` and the TypeScript files under `src` of a repository. */
export async function sourcesOf(root: string): Promise<Source[]> {
  const paths = (await Array.fromAsync(filesUnder(root, "src"))).sort();
  return Promise.all(
    ["mod.ts", ...paths].map(async (path) => ({
      path,
      text: await Deno.readTextFile(`${root}/${path}`),
    })),
  );
}

if (import.meta.main) {
  const sources = await sourcesOf(".");
  const found = faults(sources);
  for (const fault of found) console.error(fault);
  console.log(`floors: ${sources.length} files, ${found.length} faults`);
  Deno.exit(found.length > 0 ? 1 : 0);
}
