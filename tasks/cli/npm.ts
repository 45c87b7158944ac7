/**
 * The packages from npm. They are imported at their first use, by a name that Deno cannot resolve
 * beforehand. They are listed here and not in `deno.json`, because `deno task` fetches all packages of
 * `deno.json` before any task runs, and training must run without a registry.
 *
 * @module
 */
import { denoProgram, mayRunDeno } from "./deno_program.ts";
import { NO_LOADER } from "./loader_variables.ts";

export const NPM = {
  esbuild: "npm:esbuild@0.25.10",
  "playwright-core": "npm:playwright-core@1.56.1",
  sharp: "npm:sharp@0.34.4",
  typescript: "npm:typescript@6.0.3",
  vega: "npm:vega@6.2.0",
  "vega-lite": "npm:vega-lite@6.4.1",
} as const;

/** What Deno says where it cannot download a package. */
const UNREACHABLE = /Failed loading|error sending request|dns error|client error/;

/** Why packages could not be imported, in one line. */
export function whyNoPackage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [line] = message.split("\n");
  if (!UNREACHABLE.test(line!)) return line!;
  if (!/certificate/.test(message)) return "no network to download them from npm";
  return "a certificate of npm's registry that Deno does not trust; DENO_TLS_CA_STORE=system takes the system's";
}

/** The name of a package. */
export type PackageName = keyof typeof NPM;

/**
 * Downloads a package into Deno's cache, unless it is there, without Deno's line for each file and its
 * warnings; a failure shows when the package is imported. Where Deno may not be started, importing downloads.
 */
export async function fetchPackage(name: PackageName): Promise<void> {
  if (!mayRunDeno()) return;
  const args = ["cache", "--quiet", "--no-config", "--no-lock", NPM[name]];
  await new Deno.Command(denoProgram(), { args, env: NO_LOADER, stdout: "null", stderr: "null" })
    .output();
}

/** Milliseconds after which packages are not read from this disk but fetched. */
const FETCHED = 1500;

/**
 * Imports packages of {@linkcode NPM}. Where that takes a while, since they are fetched at their first use, a
 * line says so.
 */
export async function importPackages(
  specifiers: readonly string[],
): Promise<readonly unknown[]> {
  const names = specifiers.map((each) => each.replace(/^npm:/, "").replace(/(?<=.)@.*/, ""));
  const say = () => console.error(`fetching ${names.join(" and ")} from npm, once`);
  const timer = setTimeout(say, FETCHED);
  try {
    return await Promise.all(specifiers.map((each) => import(each)));
  } finally {
    clearTimeout(timer);
  }
}
