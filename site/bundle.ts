/**
 * Bundling for browsers with esbuild: modules with their types stripped, and the modules of workers beside
 * them.
 *
 * @module
 */
import { importPackages, NPM } from "../tasks/cli/npm.ts";

/** What is used of a loader's arguments. */
interface Loaded {
  readonly path: string;
}

interface PluginBuild {
  onResolve(
    options: { readonly filter: RegExp },
    callback: (args: Loaded) => { path: string } | undefined,
  ): void;
  onLoad(
    options: { readonly filter: RegExp },
    callback: (args: Loaded) => Promise<{ contents: string; loader: "ts" }>,
  ): void;
}

interface OutputFile {
  readonly path: string;
  readonly contents: Uint8Array<ArrayBuffer>;
}

interface Esbuild {
  build(
    options: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly outputFiles: OutputFile[] }>;
  stop(): Promise<void>;
}

/** An expression that starts a worker, by the address of its module. */
const WORKER = /new URL\("(\.\.?\/[\w./-]+)\.ts", import\.meta\.url\)/g;

/** What code for browsers may use: esbuild rewrites what is newer. */
const TARGET = "es2022";

/** The name of a worker's script. */
const scriptName = (path: string): string =>
  path.replace(/^.*?\/(site|src|examples|tests)\//, "").replace(/\.ts$/, "").replaceAll("/", "-");

/** A plugin that names the modules of workers, and has their addresses point to their scripts. */
const workerScripts = (found: Map<string, string>, aliases: Readonly<Record<string, string>>) => ({
  name: "worker scripts",
  setup(build: PluginBuild) {
    build.onResolve({ filter: /^@/ }, ({ path }) => {
      const alias = aliases[path];
      return alias === undefined ? undefined : { path: alias };
    });
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const contents = (await Deno.readTextFile(path)).replace(WORKER, (_, relative) => {
        const module = new URL(`${relative}.ts`, `file://${path}`).pathname,
          name = scriptName(module);
        found.set(name, module);
        return `new URL("./${name}.js", import.meta.url)`;
      });
      return { contents, loader: "ts" };
    });
  },
});

/** Options of {@linkcode bundle}. */
export interface BundleOptions {
  /** Whether to shorten names and remove white space; true if left out. */
  readonly minify?: boolean;
  /** The files of bare module names. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** What to write in place of names, such as `Deno.test`. */
  readonly define?: Readonly<Record<string, string>>;
}

/**
 * Bundles modules, by the names of their scripts, and the workers that they start. Returns the scripts by
 * name; parts that several need are scripts of their own.
 */
export async function bundle(
  entries: Readonly<Record<string, URL>>,
  { minify = true, aliases = {}, define = {} }: BundleOptions = {},
): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const [esbuild] = await importPackages([NPM.esbuild]) as [Esbuild];
  const paths = Object.fromEntries(
    Object.entries(entries).map(([name, url]) => [name, url.pathname]),
  );
  const workers = new Map<string, string>(), outdir = "/out/";
  const build = () =>
    esbuild.build({
      entryPoints: { ...paths, ...Object.fromEntries(workers) },
      bundle: true,
      splitting: true,
      write: false,
      format: "esm",
      platform: "browser",
      target: TARGET,
      minify,
      define,
      outdir,
      chunkNames: "part-[hash]",
      legalComments: "none",
      logLevel: "error",
      plugins: [workerScripts(workers, aliases)],
    });
  try {
    // Workers are found while their starters are bundled, and may start others.
    for (;;) {
      const known = workers.size, { outputFiles } = await build();
      if (workers.size > known) continue;
      return new Map(
        outputFiles.map((
          { path, contents },
        ) => [path.slice(path.indexOf(outdir) + outdir.length), contents]),
      );
    }
  } finally {
    await esbuild.stop();
  }
}
