/**
 * Failures that a device reports late.
 */
import { assert, assertThrows } from "@std/assert";
import { Faults } from "../../../../src/device/webgpu/run/faults.ts";

Deno.test("Faults.check() throws the first reported failure, on every call", () => {
  const faults = new Faults();
  faults.check();
  faults.report(new Error("first"));
  faults.report(new Error("second"));
  for (let i = 0; i < 2; i++) assertThrows(() => faults.check(), Error, "first");
});

Deno.test("Faults.check() throws where the device is closed", () => {
  const faults = new Faults();
  faults.close();
  assert(faults.isClosed);
  assertThrows(() => faults.check(), Error, "expected an open device, found a closed one");
});
