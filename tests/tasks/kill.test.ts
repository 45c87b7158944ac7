/**
 * A run that is killed at any moment, and resumed until it is done, comes to what a run that
 * nobody touched comes to. GOODINIT_TESTS=all kills more often.
 */
import { assert, assertEquals } from "@std/assert";
import { findCheckpoint } from "../../src/train/checkpoint/checkpoint_folder.ts";
import { folderOf } from "../data/fixtures.ts";
import {
  checkLeft,
  drawer,
  kills,
  lifeOf,
  type Moment,
  reportKills,
  SEED,
  timeless,
} from "./kills.ts";
import { checkpointSteps, outcomeOf, QUICK, runTask, startTask, textOf } from "./runs.ts";

const KILLS = kills(8, 20);
/** Steps of an epoch, and of a life at most. */
const STEPS = 8, MOST = 12;
/** Enough that no life but the last ones comes to the end, on a fast machine too. */
const EPOCHS = Math.ceil((2 * KILLS * MOST) / STEPS);

/** The last step but one of each epoch, after which a step and an evaluation follow. */
const beforeEvaluation = new RegExp(
  `checkpoints/step-0*(${
    Array.from({ length: EPOCHS }, (_, i) => STEPS * (i + 1) - 1).join("|")
  })\\.safetensors$`,
);

/** Moments in the order of a run: at first while it initializes, at last while it ends. */
function moments(draw: (below: number) => number): Moment[] {
  const first = (): Moment[] => [
    { doing: "starts", after: 50 + draw(500) },
    { doing: "is initialized by LSUV", file: /run\/manifest\.json$/, after: draw(300) },
  ];
  const training = (): Moment[] => [
    { doing: "writes a checkpoint", file: /checkpoints\/.*tmp$/, skip: draw(8), after: 0 },
    { doing: "evaluates", file: beforeEvaluation, after: draw(25) },
    { doing: "trains", file: /step-\d+\.safetensors$/, skip: draw(8), after: draw(15) },
    { doing: "writes epochs.csv", file: /epochs\.csv.*tmp$/, after: 0 },
    { doing: "starts again", after: 50 + draw(450) },
  ];
  const end = (after: number): Moment => (
    { doing: "ends", file: /weights\.safetensors.*tmp$/, after, most: Infinity }
  );
  const middle: Moment[] = [], begin = [...first(), ...(KILLS > 10 ? first() : [])];
  while (begin.length + middle.length < KILLS - 2) middle.push(...training());
  const limited = [...begin, ...middle].slice(0, KILLS - 2).map((each) => ({
    most: MOST,
    ...each,
  }));
  return [...limited, end(0), end(draw(8))];
}

Deno.test({
  name: `a run that is killed ${KILLS} times comes to the same, to the bit`,
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using at = await folderOf({});
    await using apart = await folderOf({});
    const whole = `${apart.path}/run`, cut = `${at.path}/run`;
    const fresh = (out: string) => [...QUICK, "--epochs", String(EPOCHS), "--out", out];
    const { code, err } = await runTask(...fresh(whole));
    assertEquals([code, err], [0, ""]);

    const log = [`seed ${SEED}`];
    let before = 0, lives = 0, halves = 0, killed = 0, early = 0;
    const manifestOf = async () => JSON.parse(await textOf(`${cut}/manifest.json`) ?? "{}");
    for (const moment of moments(drawer(SEED))) {
      const begun = (await manifestOf()).status !== undefined;
      const again = ["--resume", cut, "--checkpoint-every", "0", "--no-figures"];
      const life = await lifeOf(() => startTask(begun ? again : fresh(cut)), at.path, moment);
      log.push(life.moment);
      assertEquals(life.err, "", log.join("\n"));
      halves += await checkLeft(at.path);
      if (life.killed) killed++;
      if (life.killed && moment.most === MOST) early++;
      // Each life went on from the newest checkpoint there was.
      const { resumed = [] } = await manifestOf();
      if (resumed.length > lives) assertEquals(resumed.at(-1).step, before, log.join("\n"));
      lives = resumed.length;
      before = checkpointSteps(cut).at(-1) ?? 0;
    }
    reportKills(log, killed, halves);
    // At its very end a program may be faster than whoever watches it; before, none is.
    assertEquals(early, KILLS - 2, log.join("\n"));
    const { checkpoint } = await findCheckpoint(`${cut}/checkpoints`);
    const last = await runTask("--resume", cut, "--no-figures");
    assertEquals([last.code, last.err], [0, ""], log.join("\n"));
    assertEquals(await checkLeft(at.path), 0);
    assertEquals([...Deno.readDirSync(cut)].some(({ name }) => name === "lock.json"), false);

    const [expected, found] = [await outcomeOf(whole), await outcomeOf(cut)];
    assertEquals(found.epochs, expected.epochs, log.join("\n"));
    assertEquals(found.lsuv, expected.lsuv);
    assert(
      Uint8Array.from(found.weights).toHex() === expected.weights.toHex(),
      `weights differ: ${log.join("\n")}`,
    );
    const manifest = await manifestOf();
    assertEquals(
      timeless(manifest),
      timeless(JSON.parse((await textOf(`${whole}/manifest.json`))!)),
    );
    assertEquals([manifest.status, checkpointSteps(cut).length], ["finished", 2]);
    // Seconds are those of all lives: the last one alone has trained next to nothing.
    const { seconds } = manifest.results, { epochs, elapsed } = checkpoint!;
    assert(seconds >= elapsed, `${seconds} ${elapsed}`);
    const steps = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
    assert(elapsed > steps, `${elapsed} ${steps}`);
  },
});
