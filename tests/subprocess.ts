/**
 * Programs run as their users run them, for tests.
 */
import { assert } from "@std/assert";

/** Where a program runs, and what it is given to read. */
interface Setting {
  readonly cwd?: URL;
  readonly stdin?: string;
}

/** What `deno` with these arguments printed. Fails unless it ends well; then its errors are shown. */
export async function throughDeno(
  args: readonly string[],
  { cwd = new URL("..", import.meta.url), stdin = "" }: Setting = {},
): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", GOODINIT_DATA: "" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin));
  await writer.close();
  const { success, code, stdout, stderr } = await child.output(), decoder = new TextDecoder();
  assert(success, `${args.join(" ")} ended with ${code}:\n${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

/** What a program printed, line by line. Fails unless it ends well. */
export const printedBy = async (args: readonly string[], setting?: Setting): Promise<string[]> =>
  (await throughDeno(["run", "-A", "--quiet", "--no-check", ...args], setting)).trimEnd()
    .split("\n");
