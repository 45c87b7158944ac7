/**
 * The examples print what they promise.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { printedBy } from "./subprocess.ts";

const EXAMPLES: Readonly<Record<string, (lines: readonly string[]) => void>> = {
  "browser.ts": (lines) => {
    assertEquals(lines.length, 7);
    assertMatch(lines[2]!, /^variances after: +((1\.0|0\.9\d) ?){9}$/);
    assertMatch(lines[6]!, /^step 100: loss 0\.0\d\d$/);
  },
  "custom_layer.ts": (lines) => {
    assertEquals(lines.length, 2);
    assertEquals(lines[1], "variances after:  1.00 1.00");
  },
  "custom_op.ts": (lines) => {
    assertEquals(lines, [
      "log cosh x:        f32[5] [99.3069  0.4338  0.      0.4338 99.3069]",
      "first derivative:  f32[5] [-1.     -0.7616  0.      0.7616  1.    ]",
      "second derivative: f32[5] [0.   0.42 1.   0.42 0.  ]",
    ]);
  },
  "lstm.ts": (lines) => {
    assertEquals(lines.length, 6);
    assertMatch(lines[0]!, /gate: (0\.0\d ){4}before LSUV, (1\.00 ){4}after$/);
    assertMatch(lines[1]!, /logits: 0\.00 before LSUV, 1\.00 after$/);
    assertMatch(lines[5]!, /^step 60: loss 0\.0\d+, accuracy (9[5-9]|100)/);
  },
  "lsuv.ts": (lines) => {
    assertEquals(lines.length, 8);
    for (const line of lines.slice(1, 7)) assertMatch(line, /(1\.00\d|0\.99\d+)$/);
    assertMatch(lines[7]!, /^variance of the logits: (1\.0|0\.99)/);
  },
  "mnist.ts": (lines) => {
    assertEquals(lines[0], "procedural grey shapes train: 3000 images, 6090 weights");
    const losses = lines.slice(1).map((line) => Number(/loss ([\d.]+)/.exec(line)?.[1]));
    const accuracy = Number(/accuracy ([\d.]+)/.exec(lines[lines.length - 1]!)?.[1]);
    assertEquals(losses.length, 4);
    assert(losses.every((loss, i) => i === 0 || loss < losses[i - 1]!), losses.join());
    assert(accuracy > 20, `twice as good as chance, found ${accuracy} %`);
  },
  "residual.ts": (lines) => {
    const names = lines.slice(1, 7).map((line) => line.split(/\s{2,}/)[0]);
    assertEquals(names, [
      "[0] conv",
      "[1][0][1] conv",
      "[1][0][3] conv",
      "[2][0][0] conv",
      "[2][1] conv",
      "[4] dense",
    ]);
    for (const line of lines.slice(1, 7)) assertMatch(line, /(1\.00\d|0\.99\d+)$/);
    assertEquals(lines[7], "32 rows of 10 logits, all finite: true");
  },
  "resnet20.ts": (lines) => {
    const layers = lines.slice(1, 21).map((line) => line.split(/ (?=\S+ \S+$)/)[1]!.split(" "));
    assertEquals(lines.length, 26);
    for (const [before, after] of layers) {
      assert(Number(before) < 0.01 && after === "1.000", `${before} to ${after}`);
    }
    const losses = lines.slice(21).map((line) => Number(/loss ([\d.]+)$/.exec(line)?.[1]));
    assert(losses[4]! < 0.7 * losses[0]!, losses.join());
  },
  "vision_transformer.ts": (lines) => {
    const at = lines.findIndex((line) => line.startsWith("19,562 parameters"));
    const measured = lines.slice(at + 2, -6);
    assertEquals(measured.length, 14);
    for (const line of measured) assertMatch(line, /(1\.000|0\.99\d+)$/);
    const losses = lines.slice(-5).map((line) => Number(/loss ([\d.]+)$/.exec(line)?.[1]));
    assert(losses[4]! < 0.2 * losses[0]!, losses.join());
  },
  "xor.ts": (lines) => assertEquals(lines, ["0 0 → 0, 0 1 → 1, 1 0 → 1, 1 1 → 0"]),
};

for (const [file, check] of Object.entries(EXAMPLES)) {
  Deno.test(`examples/${file} prints what it promises`, async () => {
    check(await printedBy([`examples/${file}`]));
  });
}

Deno.test("every example is tested", async () => {
  const files = await Array.fromAsync(Deno.readDir(new URL("../examples", import.meta.url)));
  const scripts = files.map(({ name }) => name).filter((name) => name.endsWith(".ts")).sort();
  assertEquals(scripts, Object.keys(EXAMPLES));
});

Deno.test("every example has fewer than 60 lines", async () => {
  for (const file of Object.keys(EXAMPLES)) {
    const text = await Deno.readTextFile(new URL(`../examples/${file}`, import.meta.url));
    assert(text.split("\n").length < 60, file);
  }
});
