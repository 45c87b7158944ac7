import { assert, assertEquals, assertThrows } from "@std/assert";
import { distributed } from "../../src/distributed/mod.ts";
import { lsuv, variances } from "../../src/init/mod.ts";
import { poolShares } from "../../src/init/pooled_variance.ts";
import { dense } from "../../src/nn/mod.ts";
import { key, normal } from "../../src/random.ts";
import type { LsuvResult } from "./lsuv.ts";
import { forEachMpi, launch, type MpiName } from "./mpirun.ts";

const PROGRAM = new URL("lsuv.ts", import.meta.url).pathname;

/** Initializes by so many processes; 1 is without a launcher's environment. */
async function initialize(mpi: MpiName, processes: number): Promise<readonly LsuvResult[]> {
  const { code, stdout, stderr } = await launch(mpi, processes, [PROGRAM]);
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout);
}

/** Throws unless initializations agree up to rounding. */
function assertAlike(found: readonly LsuvResult[], expected: readonly LsuvResult[]): void {
  assertEquals(found.length, expected.length);
  found.forEach(({ name, weights, rows, same }, i) => {
    const whole = expected[i]!;
    assert(same, `${name}: other weights in other processes`);
    const largest = Math.max(...whole.weights.map(Math.abs));
    const apart = Math.max(...weights.map((w, j) => Math.abs(w - whole.weights[j]!)));
    assert(apart <= 2e-6 * largest, `${name} ${i}: weights differ by ${apart} of ${largest}`);
    const facts = (row: LsuvResult["rows"][number]) => [row.name, row.piece, row.trials, row.zero];
    assertEquals(rows.map(facts), whole.rows.map(facts));
    rows.forEach(({ before, after }, j) => {
      assert(Math.abs(before - whole.rows[j]!.before) <= 1e-5 * before, `${name} ${i}: ${before}`);
      assert(Math.abs(after - whole.rows[j]!.after) <= 1e-5 * after, `${name} ${i}: ${after}`);
    });
  });
}

forEachMpi(
  "LSUV of unequal shares is LSUV of the whole batch, the same bits twice",
  async (mpi) => {
    const one = await initialize(mpi, 1), three = await initialize(mpi, 3);
    assertAlike(await initialize(mpi, 2), one);
    assertAlike(three, one);
    assertEquals(await initialize(mpi, 3), three);
  },
);

Deno.test("lsuv and variances refuse several processes, and name what takes them", async () => {
  using job = await distributed();
  const layer = dense(2), x = normal(key(1), [4, 3]), params = layer.init(key(0), x);
  const options: object = { distributed: { ...job, size: 2 } };
  for (const f of [lsuv, variances] as const) {
    assertThrows(
      () => f([layer], [params], x, options),
      TypeError,
      "expected no distributed, found 2 processes; lsuvFromBatches takes it",
    );
  }
  lsuv([layer], [params], x, { distributed: job } as object);
});

Deno.test("variances are pooled with the means of shares, and none is zero for one share alone", () => {
  // 1, 3 and 11, 13, 15: weights times inputs are the same without their means.
  const shares = [[2, 1, 0, 1, 1], [13, Math.sqrt(8 / 3), 0, 0, 2]];
  const [found] = poolShares(shares.map((share) => Float64Array.from(share)), [2, 3]);
  const numbers = [1, 3, 11, 13, 15], mean = 8.6;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 5;
  assert(Math.abs(found!.deviation ** 2 - variance) < 1e-12);
  assertEquals(found!.zero, false);
  const alike = shares.map(([mean, deviation]) => Float64Array.of(mean!, deviation!, 5, 0, 5));
  assertEquals(poolShares(alike, [2, 3])[0]!.zero, true);
  const apart = alike.map((share, i) => share.with(2, i));
  assertEquals(poolShares(apart, [2, 3])[0]!.zero, false);
});
