/**
 * What a call gives back and what it computes from it.
 */
import { assertEquals } from "@std/assert";
import * as ops from "../../src/ops/mod.ts";
import type { Tensor } from "../../src/tensor.ts";
import { filled, forEachDevice } from "../devices.ts";

forEachDevice(
  "what a call computes from a result is of the result as it is given back",
  async (run) => {
    const third = (x: Tensor) => ops.div(x, 3);
    const rest = (y: Tensor) => ops.sub(ops.mul(y, 1e6), ops.floor(ops.mul(y, 1e6)));
    const both = run.jit((x: Tensor) => {
      const y = third(x);
      return [y, rest(y)];
    });
    const [y, inside] = both(filled([50], 1));
    const [a, b] = await run.read([inside!, run.jit(rest)(y!)]);
    assertEquals(a, b);
  },
);
