/**
 * Unpacking a `.tar.gz` by the system's tar, which Linux, macOS and Windows all have.
 *
 * @module
 */
import { DataError } from "../../src/data/mod.ts";
import { NO_LOADER } from "../cli/loader_variables.ts";

function startTar(archive: string, folder: string, names: readonly string[]): Deno.ChildProcess {
  // -o: files belong to the user who unpacks them, even root.
  const args = ["-x", "-o", "-f", "-", ...names];
  try {
    const streams = { stdin: "piped", stderr: "piped" } as const;
    return new Deno.Command("tar", { args, cwd: folder, env: NO_LOADER, ...streams }).spawn();
  } catch (cause) {
    throw new DataError(
      `${archive}: expected the program tar to unpack it, found none that starts: ${cause}`,
      { cause },
    );
  }
}

/**
 * Unpacks the files of these names into a folder; the caller verifies their bytes. Throws a DataError
 * where one is missing.
 */
export async function unpack(
  archive: string,
  folder: string,
  names: readonly string[],
): Promise<void> {
  const tar = startTar(archive, folder, names);
  const said = new Response(tar.stderr).text();
  const bytes = (await Deno.open(archive)).readable.pipeThrough(new DecompressionStream("gzip"));
  const fault = await bytes.pipeTo(tar.stdin).then(() => undefined, (error) => error);
  const { success } = await tar.status, line = (await said).trim().split("\n")[0];
  // A tar that has all it was asked for need not read to the end.
  if (success) return;
  throw new DataError(
    `${archive}: expected an archive with ${names.join(", ")}, found one that tar cannot unpack: ${
      line || fault
    }`,
  );
}
