/**
 * Formatting of generated Markdown.
 *
 * @module
 */

import { denoProgram } from "../tasks/cli/mod.ts";

/** Markdown formatted by `deno fmt` with the settings of the project in a folder. */
export async function formatMarkdown(markdown: string, root: string): Promise<string> {
  const child = new Deno.Command(denoProgram(), {
    args: ["fmt", "--ext=md", "-"],
    cwd: root,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(markdown));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout);
}
