import { assertEquals, assertRejects } from "@std/assert";
import { bundle } from "../../../tasks/live/bundle.ts";

const FILES = {
  "main.ts": `import { add, double, more } from "./again.ts";
import type { Pair } from "./sums.ts";
import type { Other } from "./types.ts";
import * as words from "./words.ts";

const own = more;
const pair: Pair = [own, 2];
(globalThis as unknown as { result: string }).result = words.say(double(add(pair)));
`,
  "sums.ts": `/** Two. */
export type Pair = readonly [number, number];

import { say } from "./words.ts";

const own = 10;
export const add = ([a, b]: Pair): number => a + b + own;
export function twice(x: number): number {
  return Number(say(2 * x));
}
`,
  "again.ts": `export { add, twice as double } from "./sums.ts";
export const more = 1;
`,
  "types.ts": "export interface Other { readonly a: number }\n",
  "words.ts": `export const say = (x: number): string => String(x);
`,
};

Deno.test("modules become one script; names of one are not those of another", async () => {
  const folder = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(FILES)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  const script = await bundle(new URL(`file://${folder}/main.ts`));
  new Function(script)();
  const found = globalThis as unknown as { result?: string };
  assertEquals(found.result, "26");
  delete found.result;
  assertEquals(script.match(/String\(x\)/g)?.length, 1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a statement that the bundler does not know is named", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/main.ts`, "const a = 1;\nexport default a;\n");
  await assertRejects(
    () => bundle(new URL(`file://${folder}/main.ts`)),
    SyntaxError,
    "main.ts: expected imports and exports by name in one statement, found export default a;",
  );
  await Deno.remove(folder, { recursive: true });
});
