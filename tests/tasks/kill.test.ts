/**
 * Runs that are killed at any moment, and gone on with until they are done, come to what a run that
 * nobody touched comes to. GOODINIT_TESTS=all kills more often.
 */
import { assert, assertEquals } from "@std/assert";
import { folderOf } from "../data/fixtures.ts";
import { checkpointSteps, outcomeOf, QUICK, runTask, startTask, textOf } from "./runs.ts";

const KILLS = Deno.env.get("GOODINIT_TESTS") === "all" ? 24 : 12;
/** So many epochs of 8 steps that no life of a run is its last before all kills. */
const EPOCHS = String(4 * KILLS);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const below = (n: number) => Math.floor(Math.random() * n);

/**
 * Waits for a moment at which to kill: in every third round soon after the start, whatever the run does
 * then, else some steps further on. Says when that is.
 */
async function moment(run: string, round: number): Promise<string> {
  const step = (checkpointSteps(run).at(-1) ?? 0) + 1 + below(12), more = below(30);
  const most = round % 3 === 0 ? below(1500) : 60_000, began = performance.now();
  while (performance.now() - began < most) {
    if ((checkpointSteps(run).at(-1) ?? 0) >= step) {
      await pause(more);
      return `${more} ms after step ${step}`;
    }
    await pause(2);
  }
  return `${most} ms after its start`;
}

Deno.test({
  name: `a run that is killed ${KILLS} times comes to the same, to the bit`,
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using at = await folderOf({});
    const [whole, cut] = [`${at.path}/whole`, `${at.path}/cut`];
    const fresh = (out: string) => [...QUICK, "--epochs", EPOCHS, "--out", out];
    const { code, err } = await runTask(...fresh(whole));
    assertEquals([code, err], [0, ""]);

    const moments: string[] = [], ends: unknown[] = [];
    for (let round = 0; round < KILLS; round++) {
      // Before there is a manifest there is no run to go on with.
      const begun = await textOf(`${cut}/manifest.json`) !== undefined;
      if (!begun) await Deno.remove(cut, { recursive: true }).catch(() => {});
      const again = ["--resume", cut, "--checkpoint-every", "0", "--no-figures"];
      await using child = startTask(begun ? again : fresh(cut));
      const said = Promise.all([child.stdout, child.stderr].map((s) => new Response(s).text()));
      moments.push(await moment(cut, round));
      try {
        child.kill("SIGKILL");
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
      const { signal, code } = await child.status, [, err] = await said;
      ends.push([signal, code, err]);
    }
    const killed = ["SIGKILL", 137, ""];
    assertEquals(ends, ends.map(() => killed), moments.join("; "));
    const steps = checkpointSteps(cut);
    assert(steps.length > 0, `expected checkpoints, found none: ${moments.join("; ")}`);

    const last = await runTask("--resume", cut, "--no-figures");
    assertEquals([last.code, last.err], [0, ""], moments.join("; "));
    const [expected, found] = [await outcomeOf(whole), await outcomeOf(cut)];
    assertEquals(found.epochs, expected.epochs, moments.join("; "));
    assertEquals(found.lsuv, expected.lsuv);
    assert(
      Uint8Array.from(found.weights).toHex() === expected.weights.toHex(),
      `weights differ: ${moments.join("; ")}`,
    );
    const left = [cut, `${cut}/checkpoints`].flatMap((path) => [...Deno.readDirSync(path)]);
    assertEquals(left.filter(({ name }) => name.endsWith(".tmp")), []);
    assertEquals(checkpointSteps(cut).length, 2);
    const { status, resumed } = JSON.parse((await textOf(`${cut}/manifest.json`))!);
    assertEquals(status, "finished");
    assert(resumed.at(-1).step === steps.at(-1), `${JSON.stringify(resumed.at(-1))} ${steps}`);
  },
});
