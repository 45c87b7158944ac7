/**
 * How many calls may be in flight.
 */
import { assert, assertEquals } from "@std/assert";
import { Backpressure } from "../../../../src/device/webgpu/run/backpressure.ts";

/** How many calls fit until the next one should wait. */
function fill(backpressure: Backpressure): number {
  let calls = 0;
  for (; !backpressure.isFull; calls++) backpressure.submitted();
  return calls;
}

Deno.test("Backpressure allows eight calls in flight at first, and later as many as take 0.1 s", () => {
  let now = 0;
  const backpressure = new Backpressure(() => now);
  assert(!backpressure.isBusy);
  assertEquals(fill(backpressure), 8);
  assert(backpressure.isBusy);
  for (const [ms, calls] of [[40, 20], [20, 64], [500, 13], [1000, 8]] as const) {
    now += ms;
    backpressure.drained();
    assert(!backpressure.isBusy);
    assertEquals(fill(backpressure), calls);
  }
});
