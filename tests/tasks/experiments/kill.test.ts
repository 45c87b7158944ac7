/**
 * An experiment that is killed at any moment, and resumed until it is done, comes to what one that
 * nobody touched comes to. GOODINIT_TESTS=all kills more often.
 */
import { assert, assertEquals } from "@std/assert";
import { folderOf } from "../../data/fixtures.ts";
import { checkLeft, drawer, kills, lifeOf, type Moment, reportKills, SEED } from "../kills.ts";
import { ended, smallProgram } from "./process.ts";
import { assertSame } from "./same.ts";
import { SMALL } from "./small.ts";

const KILLS = kills(6, 20);
/** Steps of an epoch, and of a life at most. */
const STEPS = 6, MOST = 8;
// Four runs, of which two may pass until a moment comes: those that are left must last for all kills, and
// as long again, as a life that ends by the clock takes more steps on a fast machine.
const EPOCHS = Math.max(3, Math.ceil((2 * KILLS * MOST) / STEPS / 2));

const SIZE = { ...SMALL.lengths.cpu, epochs: EPOCHS, "loss-every": 4 };
const CHANGES = { curves: true, lengths: { quick: SIZE, cpu: SIZE, gpu: SIZE, paper: SIZE } };

const beforeEvaluation = new RegExp(
  `checkpoints/step-0*(${
    Array.from({ length: EPOCHS }, (_, i) => STEPS * (i + 1) - 1).join("|")
  })\\.safetensors$`,
);

/** Moments of a grid; at the last of them all its runs are done. */
function moments(draw: (below: number) => number): Moment[] {
  const all = [
    { doing: "initializes", file: /_s0\/manifest\.json$/, after: draw(200) },
    { doing: "writes a checkpoint", file: /checkpoints\/.*tmp$/, skip: draw(6), after: 0 },
    { doing: "ends a run", file: /weights\.safetensors/, after: draw(8), most: Infinity },
    { doing: "notes a run", file: /results\.csv.*tmp$/, skip: 1, after: 0, most: Infinity },
    { doing: "writes layers.csv", file: /layers\.csv.*tmp$/, after: 0 },
    { doing: "starts", after: 50 + draw(900) },
    { doing: "has written lsuv.csv", file: /lsuv\.csv$/, after: draw(100) },
    { doing: "evaluates", file: beforeEvaluation, after: draw(20) },
    { doing: "trains", file: /step-\d+\.safetensors$/, skip: draw(6), after: draw(10) },
    { doing: "writes experiment.json", file: /experiment\.json.*tmp$/, after: 0 },
    { doing: "writes epochs.csv", file: /epochs\.csv.*tmp$/, after: 0 },
  ];
  const limited = Array.from({ length: KILLS - 1 }, (_, i) => {
    const each = all[i % all.length]!;
    const after = each.after && 1 + draw(2 * each.after), skip = each.skip && 1 + draw(6);
    return i < all.length ? { most: MOST, ...each } : { ...each, after, skip, most: MOST };
  });
  const end = { doing: "ends", file: /curves\.csv/, after: draw(5), most: Infinity };
  return [...limited, end];
}

Deno.test({
  name: `an experiment that is killed ${KILLS} times comes to the same, to the bit`,
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using place = await folderOf({});
    await using apart = await folderOf({});
    const whole = `${apart.path}/out`, cut = `${place.path}/out`;
    const program = (out: string, jobs = 1) =>
      smallProgram(
        CHANGES,
        "--quiet",
        "--checkpoint-every",
        "0",
        "--jobs",
        `${jobs}`,
        "--out",
        out,
      );
    const { code, err } = await ended(program(whole));
    assertEquals([code, err], [0, ""]);
    const told = [`seed ${SEED}`], done = new Map<string, Date | null>();
    let halves = 0, killed = 0;
    for (const [life, moment] of moments(drawer(SEED)).entries()) {
      const { moment: when, ...was } = await lifeOf(
        // Every third life makes two runs side by side.
        () => program(cut, life % 3 === 2 ? 2 : 1).spawn(),
        place.path,
        moment,
      );
      told.push(when);
      assertEquals(was.err, "", told.join("\n"));
      if (was.killed) killed++;
      halves += await checkLeft(place.path);
      // What has been noted as done is not made again.
      const text = await Deno.readTextFile(`${cut}/experiment.json`).catch(() => `{"cells":[]}`);
      for (const { run, status } of JSON.parse(text).cells) {
        if (status === "pending") continue;
        const { mtime } = await Deno.stat(`${cut}/${run}/weights.safetensors`);
        assertEquals(mtime, done.get(run) ?? mtime, told.join("\n"));
        done.set(run, mtime);
      }
    }
    reportKills(told, killed, halves);
    assert(killed >= KILLS - 1, told.join("\n"));
    const last = await ended(program(cut));
    assertEquals([last.code, last.err], [0, ""], told.join("\n"));
    assertEquals(await checkLeft(place.path), 0);
    await assertSame(cut, whole);
  },
});
