/**
 * Phases of axes with zeros between pixels: against a walk over every tap of the whole axis.
 */
import { assert, assertEquals } from "@std/assert";
import { pixelAt, transposedAxis, type WindowAxis, windowAxis } from "../../src/ops/window_axis.ts";
import { windowPhases } from "../../src/ops/window_phase.ts";

/** Axes of input gradients, of every kind that has a window, and some with a stride besides. */
function* spacedAxes(): Generator<WindowAxis> {
  for (const size of [1, 2, 5, 8]) {
    for (const kernel of [1, 2, 3, 5]) {
      for (const stride of [1, 2, 3, 4]) {
        for (const dilation of [1, 2, 3]) {
          for (const padding of [0, 1, 4]) {
            const axis = windowAxis(size, { kernel, stride, dilation, padding });
            if (axis.out < 1) continue;
            yield transposedAxis(axis);
            yield { ...transposedAxis(axis), stride: 2 };
          }
        }
      }
    }
  }
}

Deno.test("windowPhases() together read what the whole axis reads, and nothing between pixels", () => {
  for (const whole of spacedAxes()) {
    const seen = new Set<number>();
    for (const { axis, first, step, tap, tapStep } of windowPhases(whole)) {
      assertEquals(axis.spacing, 1);
      for (let window = 0; window < axis.out; window++) {
        const own = first + window * step, read = new Map<number, number>();
        assert(!seen.has(own) && own < whole.out, `window ${own} of ${JSON.stringify(whole)}`);
        seen.add(own);
        for (let t = 0; t < axis.kernel; t++) {
          const pixel = pixelAt(axis, window, t);
          if (pixel !== undefined) read.set(tap + t * tapStep, pixel);
        }
        const expected = new Map<number, number>();
        for (let t = 0; t < whole.kernel; t++) {
          const pixel = pixelAt(whole, own, t);
          if (pixel !== undefined) expected.set(t, pixel);
        }
        assertEquals(read, expected, `window ${own} of ${JSON.stringify(whole)}`);
      }
    }
    assertEquals(seen.size, whole.out);
  }
});
