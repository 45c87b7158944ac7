/**
 * Comparing programs that do the same work.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  disagreeing,
  lossDifference,
  type PeerRow,
  summaries,
  type Summary,
  summaryTable,
} from "../../bench/peers/compare.ts";
import { peers } from "../../bench/peers/main.ts";
import { ratiosOf, ratioTable } from "../../bench/peers/ratios.ts";
import { captured } from "../tasks/captured.ts";
import type { Tuple } from "../../src/tuple.ts";

const row = (
  program: string,
  round: number,
  imagesPerSecond: number,
  losses: number[],
): PeerRow => ({
  program,
  round,
  task: "fitnet1-128",
  imagesPerSecond,
  firstMs: 1500,
  peakMiB: 200,
  losses,
});

const ROWS = [
  row("ours", 0, 100, [5, 4, 3, 2]),
  row("theirs", 0, 50, [5.0001, 4, 3, 9]),
  row("wrong", 0, 70, [5, 4.01]),
  row("ours", 1, 300, [5, 4, 3, 2]),
  row("theirs", 1, 40, [5, 4.00004, 7]),
  row("ours", 2, 110, [5, 4, 3, 2]),
];

Deno.test("lossDifference() is the largest relative one of the first two steps", () => {
  const close = (a: number, b: number) => assert(Math.abs(a - b) < 1e-12, `${a} ${b}`);
  close(lossDifference([2, 1.01, 100], [2, 1, 3]), 0.01);
  close(lossDifference([2.002], [2, 1, 3]), 0.001);
  assert(Number.isNaN(lossDifference([NaN, 1], [1, 1])));
});

Deno.test("summaries() are medians of the rounds, with differences of losses from the first program's", () => {
  const all = summaries(ROWS);
  assertEquals(all.map(({ program, rounds }) => [program, rounds]), [
    ["ours", 3],
    ["theirs", 2],
    ["wrong", 1],
  ]);
  const [ours, theirs] = all as Tuple<Summary, 2>;
  assertEquals([ours.imagesPerSecond, ours.least, ours.most, ours.lossDifference], [
    110,
    100,
    300,
    0,
  ]);
  assertEquals(theirs.lossDifference, 0.00002);
  assertEquals(disagreeing(all).map(({ program }) => program), ["wrong"]);
});

Deno.test("summaryTable() shows speed and first step, and marks losses that differ from ours", () => {
  assertEquals(
    summaryTable("fitnet1-128", summaries(ROWS)),
    [
      "fitnet1-128  images/s      range  first step, s  peak MiB   loss difference",
      "ours              110    100–300           1.50       200            0.0e+0",
      "theirs           50.0  40.0–50.0           1.50       200            2.0e-5",
      "wrong            70.0  70.0–70.0           1.50       200  DISAGREES: 0.003",
    ].join("\n"),
  );
});

Deno.test("summaries() of convolutions are medians by direction", () => {
  const conv = (forward: number): PeerRow => ({
    program: "ours",
    round: 0,
    task: "1×2×3×4",
    gflops: { forward, "weight gradient": 2 },
  });
  const all = summaries([conv(1), conv(9), conv(3)]);
  assertEquals(all[0]!.gflops, { forward: 3, "weight gradient": 2 });
  assertEquals(
    summaryTable("1×2×3×4", all),
    "1×2×3×4, GFLOP/s  forward  weight gradient\nours                 3.00             2.00",
  );
});

Deno.test("ratioTable() compares ours with PyTorch's faster layout", () => {
  const rows = [
    row("goodinit cpu", 0, 300, []),
    row("goodinit cpu fast", 0, 500, []),
    row("PyTorch cpu", 0, 150, []),
    row("PyTorch cpu, contiguous", 0, 200, []),
    row("tfjs webgpu", 0, 900, []),
  ];
  const all = summaries(rows);
  assertEquals(ratiosOf("fitnet1-128", all), { "goodinit cpu": 1.5, "goodinit cpu fast": 2.5 });
  assertEquals(
    ratioTable(all),
    [
      "ratio to PyTorch  goodinit cpu  goodinit cpu fast",
      "fitnet1-128               1.50               2.50",
    ].join("\n"),
  );
  assertEquals(ratioTable(all.slice(0, 2)), undefined);
});

Deno.test("ratioTable() compares programs on a GPU with PyTorch there, except in TF32", () => {
  const all = summaries([
    row("goodinit cpu", 0, 300, []),
    row("PyTorch cpu", 0, 150, []),
    row("goodinit webgpu", 0, 3000, []),
    row("PyTorch cuda", 0, 1000, []),
    row("PyTorch cuda, graph", 0, 2000, []),
    row("PyTorch cuda, TF32, graph", 0, 6000, []),
  ]);
  assertEquals(ratiosOf("fitnet1-128", all), { "goodinit cpu": 2, "goodinit webgpu": 1.5 });
  assertEquals(ratiosOf("fitnet1-128", all.slice(0, 3)), {
    "goodinit cpu": 2,
    "goodinit webgpu": 20,
  });
  assertEquals(ratiosOf("fitnet1-128", all.slice(2)), { "goodinit webgpu": 1.5 });
});

Deno.test("disagreeing() allows TF32 a larger difference", () => {
  const all = summaries([
    row("goodinit webgpu", 0, 1, [5, 4]),
    row("PyTorch cuda, TF32, graph", 0, 1, [5, 4.004]),
    row("PyTorch cuda, graph", 0, 1, [5, 4.004]),
  ]);
  assertEquals(disagreeing(all).map(({ program }) => program), ["PyTorch cuda, graph"]);
});

Deno.test("bench:peers leaves out a program that is not installed, and says why", async () => {
  const folder = await Deno.makeTempDir(), out = `${folder}/peers.json`;
  const { code, err } = await captured(() =>
    peers(["--only", "PyTorch", "--python", "no-such-python", "--quick", "--out", out])
  );
  assertEquals(code, 1);
  assertEquals(err.split("\n"), [
    "bench:peers: PyTorch cpu left out: found no no-such-python; --python names another",
    "bench:peers: PyTorch cpu, contiguous left out: found no no-such-python; --python names another",
    ...["", ", contiguous", ", graph", ", contiguous, graph", ", TF32, graph"].map((how) =>
      `bench:peers: PyTorch cuda${how} left out: found no no-such-python; --python names another`
    ),
    "bench:peers: expected a program that can run here, found none",
  ]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("bench:peers runs ours in its own process, and writes the results", async () => {
  const folder = await Deno.makeTempDir(), out = `${folder}/peers.json`;
  const tasks = "fitnetMnist-64,32×8×128×256";
  const { code, out: printed, err } = await captured(() =>
    peers([
      ...["--only", "goodinit cpu", "--tasks", tasks, "--rounds", "1", "--seconds", "0.01"],
      ...["--out", out],
    ])
  );
  assertEquals([code, err], [0, ""], printed);
  const { summary, rows } = JSON.parse(await Deno.readTextFile(out));
  assertEquals(rows.length, 4);
  assertEquals(summary.map(({ program }: { program: string }) => program), [
    "goodinit cpu",
    "goodinit cpu fast",
    "goodinit cpu",
    "goodinit cpu fast",
  ]);
  assertEquals(summary[1].lossDifference, 0);
  assert(summary[2].gflops["input gradient"] > 0);
  assertStringIncludes(printed, "fitnetMnist-64");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("bench:peers says what is wrong with its command line", async () => {
  const wrong = async (...args: string[]) => {
    const { code, err } = await captured(() => peers(args));
    assertEquals(code, 2);
    return err;
  };
  assertStringIncludes(await wrong("--tasks", "fitnet2"), "--tasks: expected some of fitnet1-128");
  assertStringIncludes(await wrong("--only", "theano"), "--only: expected a part of goodinit cpu");
});

Deno.test("bench:peers starts programs where LD_LIBRARY_PATH is set", async () => {
  const folder = await Deno.makeTempDir();
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-P=bench", "--no-prompt", "--quiet", "--no-check", "bench/peers/main.ts"],
      ...["--only", "goodinit cpu fast", "--tasks", "32×8×128×256", "--quick"],
      ...["--seconds", "0.01", "--out", `${folder}/peers.json`],
    ],
    cwd: new URL("../../", import.meta.url),
    env: { NO_COLOR: "1", LD_LIBRARY_PATH: "/nowhere" },
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  await Deno.remove(folder, { recursive: true });
});
