/**
 * The polynomials of the error function, against it in float64.
 */
import { assert } from "@std/assert";
import { ERROR_FUNCTION_F32 } from "../../../../src/device/webgpu/wgsl/error_function.ts";
import { errorFunction } from "../../../../src/ops/error_function.ts";

Deno.test("ERROR_FUNCTION_F32 is the error function to half a unit in the last place of f32", () => {
  const { border, end, near, far } = ERROR_FUNCTION_F32;
  const at = (coefficients: readonly number[], x: number) =>
    coefficients.reduce((total, c) => total * x + c, 0);
  for (let k = 1; k <= 4096; k++) {
    const x = end * k / 4096, y = errorFunction(x);
    const found = x < border ? x + x * at(near, x * x) : 1 - Math.exp(at(far, x));
    assert(Math.abs(found / y - 1) <= 2 ** -25, `erf ${x}: expected ${y}, found ${found}`);
  }
});
