/**
 * A reader that does not end, or takes too much memory, is ended: its file is a find, and the next ones are read.
 */
import { assert, assertEquals } from "@std/assert";
import { fileOf, type Find, judge, openFormat, recipeOf } from "../../../dev/fuzz/judge.ts";
import { watchFormat } from "../../../dev/fuzz/watch.ts";
import { isBad, PLANTED } from "./planted_formats.ts";

const SEED = 13,
  WATCH = {
    formats: PLANTED,
    program: new URL("./planted_child.ts", import.meta.url),
    patience: 300,
    memory: 600,
    every: 20,
  };

/** The files, below a number, that are read badly. */
async function badFiles(order: number, below: number): Promise<number[]> {
  const open = await openFormat(PLANTED[order]!), bad: number[] = [];
  for (let file = 0; file < below; file++) {
    const bytes = await fileOf(open, recipeOf(open, SEED, order, file));
    if (isBad(bytes)) bad.push(file);
  }
  return bad;
}

const FAULTS = {
  loops: "it does not end",
  waits: "it does not end",
  "allocates objects": `it takes more than ${WATCH.memory} MiB`,
  "allocates bytes": `it takes more than ${WATCH.memory} MiB`,
  "leaves a rejected promise":
    "it ends the process: exit code 1 Uncaught (in promise) TypeError: planted",
  "ends the process": "it ends the process: exit code 3",
};

for (const [order, { name }] of PLANTED.entries()) {
  if (name === "accepts") continue;
  Deno.test(`fuzz: a reader that ${name} is ended, its file a find, and the next ones are read`, async () => {
    const [first, second] = await badFiles(order, 200);
    assert(second! > first! + 1, "files are read after the one that is found");
    const finds: Find[] = [], patience = name.startsWith("allocates") ? 60_000 : WATCH.patience;
    const span = { seed: SEED, order, from: 0, to: second! };
    const counts = await watchFormat(span, (find) => finds.push(find), { ...WATCH, patience });
    const open = await openFormat(PLANTED[order]!), fault = FAULTS[name as keyof typeof FAULTS];
    assertEquals(finds, [{ ...recipeOf(open, SEED, order, first!), fault }]);
    assertEquals(counts, { files: second!, accepted: second! - 1 });
  });
}

Deno.test("fuzz: what a process finds is told as it goes, and how many files were accepted", async () => {
  const order = PLANTED.length - 1, bad = await badFiles(order, 200), finds: Find[] = [];
  const span = { seed: SEED, order, from: 0, to: 200 };
  const counts = await watchFormat(span, (find) => finds.push(find), WATCH);
  assertEquals(counts, { files: 200, accepted: 200 - bad.length });
  assertEquals(finds.map(({ fault }) => fault), ["accepted: other bytes"]);
  const open = await openFormat(PLANTED[order]!);
  const verdict = await judge(open, await fileOf(open, finds[0]!), "");
  assertEquals(verdict, { fault: finds[0]!.fault });
});
