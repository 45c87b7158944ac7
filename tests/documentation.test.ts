/**
 * Every example of the public names, of the README and of the pages in docs runs, and what it asserts
 * holds.
 */
import { assert } from "@std/assert";

const WHERE = ["mod.ts", "src", "README.md", "docs"];

Deno.test("documentation's examples run, and their assertions pass", async () => {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--doc", "--parallel", "--preload=dev/strict_assert.ts", ...WHERE],
    cwd: new URL("..", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  const output = new TextDecoder().decode(stdout);
  assert(success, `${output}\n${new TextDecoder().decode(stderr)}`);
  const [, passed] = /ok \| (\d+) passed/.exec(output) ?? [];
  assert(Number(passed) >= 100, `expected at least 100 examples, found ${passed}:\n${output}`);
});
