/**
 * The verdicts of the endurance benchmark on samples whose growth is known, and a run of it.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import configuration from "../../deno.json" with { type: "json" };
import type { Sample } from "../../bench/endurance/sample.ts";
import { BOUNDS, growth, judge } from "../../bench/endurance/verdict.ts";
import { folderOf } from "../data/fixtures.ts";

/** Samples of one quantity, by the share of the rounds that are done. */
const samplesOf = (resident: (share: number, i: number) => number): Sample[] =>
  Array.from({ length: 100 }, (_, i) => ({ done: 200 * (i + 1), resident: resident(i / 100, i) }));

const holds = (samples: readonly Sample[]) => judge(samples).every((each) => each.holds);

Deno.test("what stays the same holds: flat, after warming up, and where garbage waits", () => {
  assert(holds(samplesOf(() => 120)));
  assert(holds(samplesOf((share) => 200 - 80 * Math.exp(-20 * share))));
  assert(holds(samplesOf((_, i) => 120 + 10 * (i % 30))));
  assert(holds(samplesOf((share) => 200 - 50 * share)));
});

Deno.test("what grows does not hold: a leak in each round, with noise, with garbage, and in steps", () => {
  const least = BOUNDS.resident / 0.3;
  assert(!holds(samplesOf((share) => 120 + 1.1 * least * share)));
  assert(!holds(samplesOf((share, i) => 120 + 1.3 * least * share + 5 * Math.sin(i))));
  assert(!holds(samplesOf((share, i) => 120 + 1.5 * least * share + 10 * (i % 30))));
  assert(!holds(samplesOf((share) => 120 + 40 * Math.floor(5 * share))));
  assert(holds(samplesOf((share) => 120 + 0.9 * least * share)));
});

Deno.test("growth() is that of the mean between two parts, and undefined of what was not measured", () => {
  const samples = samplesOf((share) => share < 0.7 ? 100 : 107);
  assertEquals([growth(samples, "resident"), growth(samples, "files")], [7, undefined]);
  assertEquals(growth([], "resident"), undefined);
  assertEquals(judge(samples).map(({ quantity }) => quantity), ["resident"]);
});

Deno.test("deno task endurance runs a share of its loops, and writes what it saw", async () => {
  await using at = await folderOf({});
  const [, ...words] = configuration.tasks.endurance.command.split(" ");
  const options = ["--share", "0.02", "--only", "shapes,opens-reference,page"];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [words[0]!, "--no-check", ...words.slice(1), ...options, "--out", `${at.path}/a.json`],
    cwd: new URL("../../", import.meta.url),
    env: { NO_COLOR: "1", XDG_RUNTIME_DIR: "/tmp" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals([code, err], [0, ""], out);
  assertStringIncludes(out!, "nothing grows");
  const { loops } = JSON.parse(await Deno.readTextFile(`${at.path}/a.json`));
  const seen = loops.map((
    { name, rounds, samples }: { name: string; rounds: number; samples: Sample[] },
  ) => [
    name,
    rounds,
    samples.length,
    samples.at(-1)!.done,
  ]);
  assertEquals(seen, [
    ["shapes", 30, 30, 30],
    ["opens-reference", 10, 10, 10],
    ["page", 20, 20, 20],
  ]);
  if (Deno.build.os !== "linux") return;
  for (const { samples } of loops) {
    const { resident, threads, files } = samples[0];
    assert(resident > 20 && threads > 2 && files > 2, `${resident}, ${threads}, ${files}`);
  }
});
