/**
 * Compiles the library's modules to JavaScript and declarations by TypeScript's compiler.
 *
 * @module
 */
import { importPackages, NPM, whyNoPackage } from "../../tasks/cli/npm.ts";
import { denoProgram, TaskError } from "../../tasks/cli/mod.ts";

/** A file that the compiler writes, with its path in the output folder. */
export interface Compiled {
  readonly path: string;
  readonly text: string;
}

interface Diagnostic {
  readonly messageText: string | object;
  readonly file?: { readonly fileName: string };
}

type WriteFile = (path: string, text: string) => void;

interface Host {
  readFile(path: string): string | undefined;
  fileExists(path: string): boolean;
  getSourceFile(path: string, target: unknown): unknown;
}

/** What is used of the compiler. */
interface TypeScript {
  readonly ScriptTarget: { readonly ES2022: number };
  readonly ModuleKind: { readonly ESNext: number };
  readonly ModuleResolutionKind: { readonly Bundler: number };
  createCompilerHost(options: object): Host;
  createSourceFile(path: string, text: string, target: unknown): unknown;
  createProgram(
    roots: readonly string[],
    options: object,
    host: Host,
  ): { emit(file: undefined, write: WriteFile): { readonly diagnostics: readonly Diagnostic[] } };
  flattenDiagnosticMessageText(text: string | object, line: string): string;
}

/** The virtual file of Deno's own types. */
const DENO_TYPES = "/deno.d.ts";

/** The declarations of `Deno` and of the web's globals, as this version of Deno has them. */
async function denoTypes(): Promise<string> {
  const { stdout } = await new Deno.Command(denoProgram(), { args: ["types"] }).output();
  return new TextDecoder().decode(stdout);
}

async function loadCompiler(): Promise<TypeScript> {
  try {
    const [compiler] = await importPackages([NPM.typescript]);
    return (compiler as { readonly default: TypeScript }).default;
  } catch (cause) {
    throw new TaskError(
      `expected the package typescript from npm, found ${whyNoPackage(cause)}`,
      { cause },
    );
  }
}

/**
 * Compiles modules with everything that they import. The types have been checked by `deno check`, so only
 * what declarations need is checked again.
 *
 * @param root The folder of the sources, to which the paths of the output are relative.
 * @param entries Paths relative to it.
 */
export async function compile(root: string, entries: readonly string[]): Promise<Compiled[]> {
  const [ts, types] = await Promise.all([loadCompiler(), denoTypes()]);
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.esnext.d.ts"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    noCheck: true,
    skipLibCheck: true,
    rootDir: root,
    outDir: "/out",
  };
  const host = ts.createCompilerHost(options), { fileExists, getSourceFile } = host;
  host.fileExists = (path) => path === DENO_TYPES || fileExists.call(host, path);
  host.getSourceFile = (path, target) =>
    path === DENO_TYPES
      ? ts.createSourceFile(path, types, target)
      : getSourceFile.call(host, path, target);
  const roots = [...entries.map((path) => `${root}/${path}`), DENO_TYPES], files: Compiled[] = [];
  const { diagnostics } = ts.createProgram(roots, options, host).emit(undefined, (path, text) => {
    files.push({ path: path.replace(/^\/out\//, ""), text });
  });
  for (const { messageText, file } of diagnostics) {
    const message = ts.flattenDiagnosticMessageText(messageText, " ");
    throw new TaskError(`${file?.fileName ?? root}: ${message}`);
  }
  return files;
}
