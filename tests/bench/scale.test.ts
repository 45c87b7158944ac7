import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { withPart } from "../../bench/scale/document.ts";
import {
  efficiency,
  fitStep,
  mostProcesses,
  parallelSeconds,
  slowed,
  stepSeconds,
} from "../../bench/scale/efficiency.ts";
import { networkOf, openHosts, parseRate } from "../../bench/scale/hosts.ts";
import { scale } from "../../bench/scale/main.ts";
import { allReduceSeconds, ethernet, fitNetwork, NETWORKS } from "../../bench/scale/network.ts";
import { watchSums } from "../../bench/scale/watch.ts";
import { distributed } from "../../src/distributed/mod.ts";
import { OptionError, TaskError } from "../../tasks/cli/mod.ts";
import { folderOf } from "../data/fixtures.ts";
import { captured } from "../tasks/captured.ts";

const SLOW = { name: "slow", latency: 1e-3, bandwidth: 1e6 };

Deno.test("a sum takes the better of recursive doubling and a ring", () => {
  assertEquals(allReduceSeconds(1e6, 1, SLOW), 0);
  // Of two processes both send everything once; the ring in two messages of a half.
  assertAlmostEquals(allReduceSeconds(1e6, 2, SLOW), 1e-3 + 1, 1e-12);
  // A small one of 8: three messages; a large one: fourteen of an eighth.
  assertAlmostEquals(allReduceSeconds(8, 8, SLOW), 3 * (1e-3 + 8e-6), 1e-12);
  assertAlmostEquals(allReduceSeconds(8e6, 8, SLOW), 14 * (1e-3 + 1), 1e-12);
});

Deno.test("a network is found again from sums that it explains", () => {
  for (const n of [2, 4, 8]) {
    const sums = [4, 4096, 1 << 20, 1 << 24].map((bytes) =>
      [bytes, allReduceSeconds(bytes, n, SLOW)] as const
    );
    const found = fitNetwork("found", n, sums);
    assertAlmostEquals(found.latency, SLOW.latency, 1e-5);
    assert(Math.abs(found.bandwidth / SLOW.bandwidth - 1) < 0.02, `${found.bandwidth}`);
  }
});

Deno.test("a step's line goes through what was measured, and not below nothing", () => {
  const line = fitStep([[64, 0.5], [32, 0.3], [16, 0.2]], { bytes: 100, parts: [] });
  assertAlmostEquals(stepSeconds(line, 64), 0.5, 1e-12);
  assertAlmostEquals(line.overhead, 0.1, 1e-12);
  assertEquals(fitStep([[64, 0.64], [32, 0.30]], { bytes: 100, parts: [] }).overhead, 0);
});

Deno.test("efficiency falls with processes and bytes, and rises with the network", () => {
  const step = { overhead: 0.001, perExample: 0.003, bytes: 1e7, parts: [] };
  const [slow, , , fast] = NETWORKS as readonly [
    typeof SLOW,
    typeof SLOW,
    typeof SLOW,
    typeof SLOW,
  ];
  const at = (n: number, network = slow) =>
    efficiency(step, 128, { processes: n, network, overlap: false });
  for (const kind of ["strong", "weak"] as const) {
    assertEquals(at(1)[kind], 1);
    assert(at(2)[kind] < 1 && at(4)[kind] < at(2)[kind]);
    assert(at(8)[kind] < at(8, fast)[kind]);
    assert(
      efficiency({ ...step, bytes: 1e8 }, 128, {
        processes: 4,
        network: slow,
        overlap: false,
      })[kind] < at(4)[kind],
    );
  }
  assert(at(8).weak > at(8).strong);
  const most = mostProcesses(step, 128, {
    network: slow,
    overlap: false,
    least: 0.8,
    kind: "strong",
  });
  assert(at(most).strong >= 0.8 && at(2 * most).strong < 0.8);
});

Deno.test("sums that overlap cost what is left of them after the backward pass", () => {
  const network = { name: "even", latency: 0, bandwidth: 1e6 };
  const parts = [{ bytes: 2e5, ready: 0.25 }, { bytes: 2e5, ready: 0.5 }, {
    bytes: 1e5,
    ready: 0.9,
  }];
  const step = { overhead: 0, perExample: 0.01, bytes: 5e5, parts };
  const of = (examples: number, overlap: boolean, parts = step.parts) =>
    parallelSeconds({ ...step, parts }, examples, { processes: 2, network, overlap });
  assertAlmostEquals(of(100, false), 1 + 0.5, 1e-12);
  // The last part's sum is from 0.9 to 1; the update takes the last tenth.
  assertAlmostEquals(of(100, true), 1 + 0.1, 1e-12);
  // Of a tenth of the work, sums follow each other from the first part on.
  assertAlmostEquals(of(10, true), 0.025 + 0.5 + 0.01, 1e-12);
  assertAlmostEquals(of(100, true, []), of(100, false), 1e-12);
  assertAlmostEquals(stepSeconds(slowed(step, 3), 10), 0.3, 1e-12);
});

Deno.test("rates are read as tc writes them", () => {
  assertEquals(parseRate("1gbit"), { text: "1gbit", bits: 1e9 });
  assertEquals(networkOf(parseRate("2.5gbit")), ethernet("2.5 Gbit/s", 2.5e9));
  assertEquals(networkOf(parseRate("100mbit")).name, "100 Mbit/s");
  for (const wrong of ["1", "1gb", "0gbit", "-1gbit", "1e9bit", "200gbit", "1kbit"]) {
    assertThrows(() => parseRate(wrong), OptionError, `such as 1gbit, found ${wrong}`);
  }
});

Deno.test("a stopwatch tells waiting from sums, and says when parts were ready", async () => {
  const busy = () => {
    for (const end = performance.now() + 5; performance.now() < end;) { /* Busy. */ }
  };
  using alone = await distributed({ by: "none" });
  const slow = { ...alone, barrier: busy, allReduce: busy };
  const { job, begin, end } = watchSums(slow), data = new Float32Array(3);
  begin();
  busy();
  const pending = job.startAllReduce(data);
  job.barrier();
  job.allReduce(data);
  pending.wait();
  assertEquals(pending.test(), true);
  const { wait, sum, parts: [part, ...others] } = end();
  assert(wait >= 0.005 && sum >= 0.005 && part!.ready >= 0.005);
  assertEquals([part!.bytes, others.length], [12, 0]);
  begin();
  assertEquals(end(), { wait: 0, sum: 0, parts: [] });
});

Deno.test("the measured part of a page is replaced, and nothing else", () => {
  const page = "# A\n\n<!-- measured by deno task bench:scale -->\n\nold\n\n<!-- end -->\n\n## B\n";
  const written = withPart(page, "new");
  assertEquals(written, page.replace("old", "new"));
  assertEquals(withPart(written, "new"), written);
  assertThrows(() => withPart("# A\n", "new"), TaskError, "expected the lines <!-- measured");
});

/** The names of network namespaces; undefined where they cannot be made. */
async function namespaces(): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("ip", { args: ["netns"] }).output();
    return success && Deno.uid() === 0 ? new TextDecoder().decode(stdout) : undefined;
  } catch {
    return undefined;
  }
}

const before = await namespaces();

Deno.test({
  name: `hosts are gone afterwards, and where something fails${
    before === undefined ? " (no root with ip)" : ""
  }`,
  ignore: before === undefined,
  async fn() {
    {
      await using hosts = await openHosts(parseRate("1gbit"), ["sh", "-c"]);
      assert(hosts.launcher.command.includes("sh"));
      assert((await namespaces())!.includes(`goodinit-${Deno.pid}-a`));
      const again = () => openHosts(parseRate("1gbit"), ["sh"]);
      await assertRejects(
        again,
        TaskError,
        "expected root, who may make network namespaces, found",
      );
    }
    assertEquals(await namespaces(), before);
    await assertRejects(() => openHosts(parseRate("1gbit"), ["no-such-launcher"]));
    assertEquals(await namespaces(), before);
  },
});

Deno.test("hosts are refused where there is no ip", async () => {
  const path = Deno.env.get("PATH")!;
  Deno.env.set("PATH", "/nowhere");
  try {
    await assertRejects(
      () => openHosts(parseRate("1gbit"), ["mpirun"]),
      TaskError,
      "--rate: expected root, who may make network namespaces, found no program ip",
    );
  } finally {
    Deno.env.set("PATH", path);
  }
});

Deno.test("bench:scale says what is wrong with its command line", async () => {
  const nets = await captured(() => scale(["--nets", "fitnet9-128"]));
  assertEquals(nets.code, 2);
  assert(nets.err.includes("--nets: expected names of fitnet1, "), nets.err);
  const processes = await captured(() => scale(["--processes", "1"]));
  assertEquals(processes.code, 2);
  assert(processes.err.includes("expected integers from 2 to 64, found 1"), processes.err);
  const rate = await captured(() => scale(["--rate", "fast"]));
  assertEquals(rate.code, 2);
  assert(rate.err.includes("such as 1gbit, found fast"), rate.err);
  const hosts = await captured(() => scale(["--nets", "fitnet1-8", "--host-nets", "nin-8"]));
  assertEquals(hosts.code, 2);
  assert(hosts.err.includes("--host-nets: expected some of fitnet1-8, found nin-8"), hosts.err);
});

Deno.test("bench:scale --from shows results again, and names the field of a file that has others", async () => {
  await using folder = await folderOf({});
  const whole = new URL("../../bench/results/2026-11-29-scale.json", import.meta.url).pathname;
  const path = `${folder.path}/scale.json`, text = await Deno.readTextFile(whole);
  const { code, out } = await captured(() => scale(["--from", whole]));
  assert(code === 0 && out.includes("Sums over processes of one machine, ms"), out);
  const cases: readonly (readonly [from: string | RegExp, to: string, fault: string])[] = [
    [text, "{", "expected JSON, found a file that is cut off"],
    [text, "{}", "date: expected a text, found nothing"],
    ['"processes": 2', '"processes": "2"', "sums[0].processes: expected an integer"],
    [/\[\s+4,/, "[", "sums[0].sums[0]: expected a list of two, found ["],
    ['"fitnet4"', '"fitnet9"', "nets[0].net: expected one of fitnet1, "],
    [/"pair": [\d.]+/, '"pair": 0', "nets[0].alone.pair: expected a number above 0, found 0"],
  ];
  for (const [from, to, fault] of cases) {
    await Deno.writeTextFile(path, text.replace(from, to));
    const { code, err } = await captured(() => scale(["--from", path]));
    assertEquals([code, err.trim().split("\n").length], [1, 1], err);
    assert(err.includes(`${path}: ${fault}`), err);
  }
  const none = await captured(() => scale(["--from", `${folder.path}/none.json`]));
  assert(none.err.includes("none.json: expected results of bench:scale, found no file"), none.err);
});
