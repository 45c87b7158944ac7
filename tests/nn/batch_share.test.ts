import { assertEquals } from "@std/assert";
import { skippedNumbers, withinShare } from "../../src/nn/batch_share.ts";
import { dropout, flatten, sequential } from "../../src/nn/mod.ts";
import { constant } from "../../src/ops/mod.ts";
import { key } from "../../src/random.ts";
import { forEachDevice } from "../devices.ts";

forEachDevice("shares of a batch drop what the whole batch drops", async (run) => {
  const net = sequential(dropout(0.3), flatten, dropout(0.5)), shape = [2, 3, 2];
  const whole = await run.read(net([[], [], []], constant(1, [7, ...shape]), key(5)));
  const parts = [[0, 2], [2, 3], [5, 2]] as const;
  const shares = await run.read(parts.map(([first, count]) =>
    withinShare(
      { first, count },
      () => net([[], [], []], constant(1, [count, ...shape]), key(5)),
    )
  ));
  assertEquals(shares.flatMap((share) => [...share]), [...whole]);
  assertEquals(new Set(whole).size > 1, true);
});

Deno.test("a share within another ends alone", () => {
  const shape = [4, 5];
  withinShare({ first: 2, count: 4 }, () => {
    assertEquals(skippedNumbers(shape), 10);
    withinShare({ first: 1, count: 2 }, () => assertEquals(skippedNumbers(shape), 10));
    withinShare({ first: 3, count: 4 }, () => assertEquals(skippedNumbers(shape), 15));
    assertEquals(skippedNumbers(shape), 10);
  });
  assertEquals(skippedNumbers(shape), 0);
});
