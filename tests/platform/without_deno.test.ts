/**
 * The library where there is no `Deno` and no `process`, as in a browser.
 */
import { assertEquals } from "@std/assert";
import { throughDeno } from "../subprocess.ts";

const program = `
for (const name of ["Deno", "process", "Buffer"]) delete globalThis[name];
const g = await import("${new URL("../../mod.ts", import.meta.url)}");
const say = async (what, work) => {
  console.log(what + ": " + await Promise.resolve().then(work).catch((error) => error.message));
};
for (const device of ["reference", "cpu"]) {
  await say(device, async () => {
    const run = await g.open({ device, threads: 1 }), net = g.sequential(g.nn.dense(3), g.nn.relu);
    const x = g.normal(g.key(1), [8, 2]), params = g.lsuv(net, net.init(g.key(0), x), x);
    const [variance] = await run.read(g.init.variances(net, params, x)[0]);
    await run[Symbol.asyncDispose]();
    return Math.abs(variance - 1) < 0.1;
  });
}
await say("auto", async () => (await g.open({ threads: 1 })).device !== "");
await say("loadMnist", () => g.data.loadMnist("data", { split: "train" }));
await say("loadCifar10", () => g.data.loadCifar10("data", { split: "train" }));
await say("writeAtomically", () => g.train.writeAtomically("a.txt", "text"));
await say("findCheckpoint", () => g.train.findCheckpoint("runs"));
`;

const NONE = "expected a platform with files (Deno, Node 20.16 or later, Bun), found none";

Deno.test("without Deno the library is imported, computes, and says that there are no files", async () => {
  const lines = (await throughDeno(["eval", program])).split("\n").filter((line) =>
    line.includes(": ")
  );
  const ofData = (name: string) =>
    `${name}: data: expected a platform with files, found a browser; pass the files themselves`;
  assertEquals(lines, [
    "reference: true",
    "cpu: true",
    "auto: true",
    ofData("loadMnist"),
    ofData("loadCifar10"),
    `writeAtomically: ${NONE}`,
    `findCheckpoint: ${NONE}`,
  ]);
});
