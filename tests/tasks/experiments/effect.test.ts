/**
 * Whether --quick shows what an experiment is about: LSUV learns, and Gaussian weights do not.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXPERIMENTS } from "../../../tasks/experiments/catalogue/mod.ts";
import { QUICK_CIFAR } from "../../../tasks/experiments/catalogue/nets.ts";
import type { Description } from "../../../tasks/experiments/description.ts";
import type { ExperimentRecord } from "../../../tasks/experiments/record.ts";
import { folderOf } from "../../data/fixtures.ts";
import { ended, program } from "./process.ts";

const recordIn = async (out: string): Promise<ExperimentRecord> =>
  JSON.parse(await Deno.readTextFile(`${out}/experiment.json`));

Deno.test("the quick setting of CIFAR tells LSUV from Gaussian weights in 875 steps", async () => {
  await using place = await folderOf({});
  const out = `${place.path}/out`, sizes = [QUICK_CIFAR, QUICK_CIFAR, QUICK_CIFAR, QUICK_CIFAR];
  const [quick, cpu, gpu, paper] = sizes as [object, object, object, object];
  const changes = {
    trains: "cifar",
    options: {},
    lengths: { quick, cpu, gpu, paper } as Description["lengths"],
    rows: [
      { name: "LSUV", options: { init: "lsuv" } },
      { name: "Gaussian", options: { init: "gaussian", std: 0.01 } },
    ],
    columns: [{ name: "maxout", options: { activation: "maxout" } }],
    paper: null,
  } satisfies Partial<Description>;
  const said = await ended(
    program("tests/tasks/experiments/small.ts", [
      JSON.stringify(changes),
      ...["--quick", "--quiet", "--out", out],
    ]),
  );
  assertEquals([said.code, said.err], [0, ""]);
  const [lsuv, gaussian] = (await recordIn(out)).cells;
  assert(lsuv!.accuracy! > 0.6, `LSUV has ${lsuv!.accuracy}`);
  assertEquals([lsuv!.status, gaussian!.status], ["done", "n/c"]);
  assertStringIncludes(said.out, "maxout: LSUV learns; Gaussian stays at chance.");
});

/** The rows, and columns of them, that --quick leaves at chance; in all others runs learn. */
const UNLEARNED: Readonly<Record<string, readonly string[]>> = {
  "ablate:preinit": ["Gaussian 0.01 maxout", "He maxout"],
  "ablate:rate": ["LSUV rate 0.01"],
  "ablate:depth": [
    "orthonormal 20 layers",
    "Gaussian 0.01 5 layers",
    "Gaussian 0.01 20 layers",
  ],
  "repro:table3": [
    "OrthoNorm ReLU",
    "MSRA maxout",
    "Gaussian 0.01 maxout",
    "Gaussian 0.01 ReLU",
  ],
  "repro:figure1": ["MSRA maxout"],
  "repro:highway": ["plain, orthonormal 50 layers", "plain, published 50 layers"],
};

for (const { name } of EXPERIMENTS) {
  Deno.test({
    name: `deno task ${name} --quick leaves at chance what it should, and nothing else`,
    ignore: Deno.env.get("GOODINIT_TESTS") !== "all",
    fn: async () => {
      await using place = await folderOf({});
      const out = `${place.path}/out`;
      const args = [name, "--quick", "--quiet", "--out", out];
      assertEquals((await ended(program("tasks/experiment.ts", args))).code, 0);
      const { cells } = await recordIn(out);
      const lost = cells.filter(({ status }) => status === "n/c");
      assertEquals(lost.map(({ row, column }) => `${row} ${column}`), UNLEARNED[name] ?? []);
    },
  });
}
