/**
 * Closed devices are freed by a collection before others are opened.
 */
import { assertEquals } from "@std/assert";
import { open } from "../../../mod.ts";
import type { Collector } from "../../../src/memory/garbage_collector.ts";
import { whyNoWebGpu } from "../../../src/device/webgpu/adapter.ts";
import { ClosedDevices, closedDevices } from "../../../src/device/webgpu/closed_devices.ts";

/** A collector that counts, and the count. */
function counting(): { collector: Collector; readonly times: () => number } {
  let times = 0;
  const collector = { collect: () => ++times > 0, turn: () => Promise.resolve() };
  return { collector, times: () => times };
}

Deno.test("ClosedDevices collects garbage once four devices were closed, and then counts again", () => {
  const { collector, times } = counting(), devices = new ClosedDevices(collector);
  const seen = Array.from({ length: 10 }, () => {
    devices.collect();
    devices.add();
    return times();
  });
  assertEquals(seen, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]);
});

/** The threads of this process. */
function threads(): number {
  const { stdout } = new Deno.Command("ls", { args: [`/proc/${Deno.pid}/task`] }).outputSync();
  return new TextDecoder().decode(stdout).trim().split("\n").length;
}

Deno.test({
  name: "devices that were opened and closed leave no threads behind",
  ignore: Deno.build.os !== "linux" || await whyNoWebGpu() !== undefined,
  fn: async () => {
    const openAndClose = async () => {
      await using _ = await open({ device: "webgpu" });
    };
    for (let i = 0; i < 4; i++) await openAndClose();
    closedDevices.collect();
    await openAndClose();
    const before = threads();
    for (let i = 0; i < 16; i++) await openAndClose();
    // Up to four devices wait for the next collection, with a thread each.
    assertEquals(threads() - before <= 8, true, `${before} threads, then ${threads()}`);
  },
});
