/**
 * Permissions that Deno has not been given, as one line that names the flag.
 *
 * @module
 */

/** What each kind of permission is needed for. */
const PURPOSES: Readonly<Record<string, string>> = {
  read: "data, runs and the program's own files",
  write: "runs, downloads and reports",
  net: "downloads, and the page of --watch",
  env: "folders of data and caches, and what launchers say",
  sys: "the name of this machine in a run's lock, and its memory",
  run: "programs such as tar and git",
  ffi: "machine code on the CPU, and MPI",
  import: "modules from other hosts",
};

/** How Deno words it; some kinds name nothing that access is required to. */
const REQUIRED = /^Requires (\w+) access(?: to (.+?))?, run again with the --allow-/;

/** Which flag is missing and what it is for, of an error of a missing permission; undefined of others. */
export function missingPermission(error: unknown): string | undefined {
  if (!(error instanceof Deno.errors.NotCapable)) return undefined;
  const [, kind, place] = REQUIRED.exec(error.message.split("\n")[0]!) ?? [];
  if (kind === undefined) return error.message;
  // A place such as <TMP> stands for a folder that the flag cannot name.
  const [, named] = /^"(.*)"$/.exec(place ?? "") ?? [];
  const flag = named === undefined ? `--allow-${kind}` : `--allow-${kind}=${named}`;
  const purpose = PURPOSES[kind] === undefined ? "" : ` (${PURPOSES[kind]})`;
  return `expected the permission ${flag}${purpose}, found that Deno has not been given it; ` +
    "docs/setup.md lists what each task needs";
}
