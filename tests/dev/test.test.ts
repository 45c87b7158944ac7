import { assertEquals } from "@std/assert";
import { parseTotals, totalsLine } from "../../dev/test.ts";

Deno.test("parseTotals() sums the runs, in color or not, without ignored tests", () => {
  const output = [
    "a test that says: ok | 5 passed ... ok",
    "ok | 12 passed (3 steps) | 0 failed | 1 ignored (2s)",
    "\x1b[0m\x1b[31mFAILED\x1b[0m | 2 passed | 3 failed \x1b[38;5;245m(13ms)\x1b[0m",
  ].join("\n");
  assertEquals(parseTotals(output, false), { passed: 14, failed: 3 });
});

Deno.test("parseTotals() counts a failed run without a failed test as one failure", () => {
  assertEquals(parseTotals("ok | 4 passed | 0 failed (1s)", false), { passed: 4, failed: 1 });
});

Deno.test("parseTotals() counts a run without tests as one failure", () => {
  assertEquals(parseTotals("", true), { passed: 0, failed: 1 });
  assertEquals(parseTotals("ok | 0 passed | 0 failed | 9 ignored (1s)", true), {
    passed: 0,
    failed: 1,
  });
});

Deno.test("totalsLine() is the last line", () => {
  assertEquals(totalsLine({ passed: 7, failed: 2 }), "7 passed, 2 failed");
});

const files: [name: string, text: string, code: number, last: string][] = [
  ["good", `Deno.test("a", () => {}); Deno.test("b", () => {});`, 0, "2 passed, 0 failed"],
  ["bad", `Deno.test("a", () => {}); Deno.test("b", () => { throw 1; });`, 1, "1 passed, 1 failed"],
  ["none", `export {};`, 1, "0 passed, 1 failed"],
  ["broken", `import "./absent.ts";`, 1, "0 passed, 1 failed"],
];

for (const [name, text, expected, last] of files) {
  Deno.test(`dev/test.ts ends ${name} tests with ${last} and code ${expected}`, async () => {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/${name}_test.js`, text);
    const script = new URL("../../dev/test.ts", import.meta.url).pathname;
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        script,
        "-A",
        "--no-check",
        "--no-config",
        `${name}_test.js`,
      ],
      cwd: folder,
    }).output();
    await Deno.remove(folder, { recursive: true });
    const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
    assertEquals([code, lines.at(-1)], [expected, last]);
  });
}
