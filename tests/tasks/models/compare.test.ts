import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { compare } from "../../../tasks/models/compare/command.ts";
import { compareGroups } from "../../../tasks/models/compare/compare_groups.ts";
import {
  incompleteBeta,
  logGamma,
  mcNemar,
  pairedT,
} from "../../../tasks/models/compare/paired_tests.ts";
import { train } from "../../../tasks/training/train_command.ts";
import { folderOf } from "../../data/fixtures.ts";
import { captured } from "../captured.ts";

Deno.test("logGamma() is the logarithm of factorials and of √π", () => {
  for (const [x, gamma] of [[1, 1], [2, 1], [5, 24], [0.5, Math.sqrt(Math.PI)]] as const) {
    assertAlmostEquals(logGamma(x), Math.log(gamma), 1e-12);
  }
});

Deno.test("incompleteBeta() is a power for b = 1, symmetric, and between its ends", () => {
  assertAlmostEquals(incompleteBeta(0.3, 4, 1), 0.3 ** 4, 1e-14);
  assertAlmostEquals(incompleteBeta(0.7, 2, 3) + incompleteBeta(0.3, 3, 2), 1, 1e-14);
  assertEquals([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)], [0, 1]);
});

Deno.test("mcNemar() is the two-sided binomial probability", () => {
  // The sum of C(20, 0…5) is 21,700.
  assertAlmostEquals(mcNemar(5, 15), 2 * 21700 / 2 ** 20, 1e-12);
  assertAlmostEquals(mcNemar(15, 5), mcNemar(5, 15), 1e-15);
  assertEquals([mcNemar(0, 0), mcNemar(7, 7)], [1, 1]);
  assertAlmostEquals(mcNemar(0, 6), 2 / 64, 1e-12);
});

Deno.test("pairedT() has Student's distribution: exact for 1 and 2 degrees of freedom", () => {
  // One degree is Cauchy's distribution: p = 1 - 2 atan(t) / π, and t = 3 for differences 1 and 2.
  const one = pairedT([1, 2]);
  assertAlmostEquals(one.p, 1 - 2 * Math.atan(3) / Math.PI, 1e-12);
  assertEquals([one.mean, one.degrees], [1.5, 1]);
  // With two degrees p = 1 - t / √(2 + t²), and t² = 12.
  assertAlmostEquals(pairedT([1, 2, 3]).p, 1 - Math.sqrt(12 / 14), 1e-12);
  assertEquals(pairedT([0, 0, 0]).p, 1);
  assertEquals(pairedT([2, 2]).p, 0);
  assertThrows(() => pairedT([1]), RangeError, "expected at least 2 differences, found 1");
});

Deno.test("compareGroups() counts the images that only one of a pair has right", () => {
  const judged = (name: string, right: string) => ({
    name,
    right: [...right].map((x) => x === "1"),
  });
  const { rows, over } = compareGroups(
    [judged("a0", "1100"), judged("a1", "1111")],
    [judged("b0", "1011"), judged("b1", "0111")],
  );
  assertEquals(
    rows.map(({ onlyFirst, onlySecond, firstAccuracy, secondAccuracy }) => [
      onlyFirst,
      onlySecond,
      firstAccuracy,
      secondAccuracy,
    ]),
    [[1, 2, 50, 75], [1, 0, 100, 75]],
  );
  assertEquals([over!.mean, over!.degrees], [0, 1]);
  assertEquals(compareGroups([judged("a", "1")], [judged("b", "0")]).over, undefined);
});

Deno.test("deno task compare pairs trained nets, and says what does not fit", async () => {
  await using place = await folderOf({});
  const run = async (seed: number) => {
    const out = `${place.path}/s${seed}`;
    const args = [
      "--procedural",
      "--subset",
      "60",
      "--test-subset",
      "40",
      "--epochs",
      "1",
      "--batch",
      "20",
    ];
    const { code, err } = await captured(() =>
      train("mnist", [
        ...args,
        "--device",
        "cpu",
        "--threads",
        "1",
        "--quiet",
        "--no-figures",
        "--net",
        "torchMnist",
        "--seed",
        `${seed}`,
        "--out",
        out,
      ])
    );
    assertEquals([code, err], [0, ""]);
    return out;
  };
  const [a, b] = [await run(0), await run(1)];
  const device = ["--device", "cpu", "--threads", "1"];
  const same = await captured(() => compare([`${a},${b}`, `${a},${b}`, ...device]));
  assertEquals([same.code, same.err], [0, ""]);
  const [, first, second, note, over] = same.out.trim().split("\n");
  assert(/^s0 +s0 +[\d.]+ +[\d.]+ +0 +0 +1\.0$/.test(first!), first);
  assert(/^s1 +s1 /.test(second!), second);
  assertStringIncludes(note!, "McNemar's exact test");
  assertStringIncludes(
    over!,
    "0.000 ± 0.000 points, paired t-test with 1 degree of freedom: p 1.0",
  );
  const uneven = await captured(() => compare([a, `${a},${b}`, ...device]));
  assertEquals(uneven.code, 2);
  assertStringIncludes(uneven.err, "expected as many nets as FIRST, 1, found 2");
});
