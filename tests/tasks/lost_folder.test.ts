/**
 * A run whose folder is deleted, moved or replaced while it trains ends in one line, and does not make the
 * folder anew without what it held.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { train } from "../../tasks/training/train_command.ts";
import { folderOf } from "../data/fixtures.ts";
import { pause } from "../pause.ts";
import { captured } from "./captured.ts";
import { checkpointSteps, QUICK } from "./runs.ts";

/** What happens to a run's folder, and what is found there then. */
const LOSSES: readonly (readonly [
  name: string,
  lose: (run: string) => void,
  left: (run: string) => boolean,
])[] = [
  ["deleted", (run) => Deno.removeSync(run, { recursive: true }), () => true],
  ["moved", (run) => Deno.renameSync(run, `${run}.elsewhere`), () => true],
  ["replaced by an empty folder", (run) => {
    Deno.renameSync(run, `${run}.elsewhere`);
    Deno.mkdirSync(run);
  }, (run) => Deno.statSync(run).isDirectory],
  ["replaced by a file", (run) => {
    Deno.renameSync(run, `${run}.elsewhere`);
    Deno.writeTextFileSync(run, "mine");
  }, (run) => Deno.readTextFileSync(run) === "mine"],
];

for (const [name, lose, left] of LOSSES) {
  Deno.test(`a run whose folder is ${name} while it trains ends in one line`, async () => {
    await using at = await folderOf({});
    const run = `${at.path}/run`;
    const ended = captured(() => train("mnist", [...QUICK, "--epochs", "1000", "--out", run]));
    const isOver = ended.then(() => true);
    while ((checkpointSteps(run).at(-1) ?? 0) < 3) {
      assert(!await Promise.race([isOver, pause(2).then(() => false)]), "the run ended by itself");
    }
    lose(run);
    const { code, err } = await ended;
    assertEquals([code, err.split("\n").length], [1, 1], err);
    assertMatch(err, /^train:mnist: \S+: expected .*, found .*$/);
    assert(left(run));
  });
}
