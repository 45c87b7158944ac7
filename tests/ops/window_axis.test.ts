/**
 * Windows along an axis, and the geometry of convolutions: against a walk over every tap.
 */
import { assert, assertEquals } from "@std/assert";
import { convGeometry, countProducts, inputGradientGeometry } from "../../src/ops/conv_geometry.ts";
import {
  extent,
  pixelAt,
  pixelRange,
  reachesOut,
  spacedSize,
  spanOf,
  transposedAxis,
  type WindowAxis,
  windowAxis,
} from "../../src/ops/window_axis.ts";

/** Axes of every kind that has a window: small sizes, kernels, strides, dilations and paddings. */
const axes: WindowAxis[] = [];
for (const size of [1, 2, 5, 8]) {
  for (const kernel of [1, 2, 3, 5]) {
    for (const stride of [1, 2, 3]) {
      for (const dilation of [1, 2, 3]) {
        for (const padding of [0, 1, 4]) {
          const axis = windowAxis(size, { kernel, stride, dilation, padding });
          if (axis.out > 0) axes.push(axis);
        }
      }
    }
  }
}

const each = <T>(count: number, body: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => body(i));

/** The pixels that some windows read, by trying all taps. */
const readBy = (a: WindowAxis, window: number, windows = 1) =>
  each(windows, (w) => each(a.kernel, (tap) => pixelAt(a, window + w, tap))).flat();

Deno.test("windowAxis() has as many windows as fit into the padded image", () => {
  for (const a of axes) {
    const padded = a.size + 2 * a.padding;
    const fitting = each(padded, (w) => w * a.stride + extent(a)).filter((end) => end <= padded);
    assertEquals(a.out, fitting.length, JSON.stringify(a));
  }
});

Deno.test("pixelAt() is the pixel of an image with its zeros written out", () => {
  for (const spacing of [1, 2, 3]) {
    const a: WindowAxis = { ...windowAxis(4, { kernel: 3, dilation: 2, padding: 2 }), spacing };
    const image = new Array<number | undefined>(3 * 4 + 20).fill(undefined);
    each(4, (p) => image[10 + p * spacing] = p);
    for (let window = 0; window < 8; window++) {
      for (let tap = 0; tap < 3; tap++) {
        assertEquals(pixelAt(a, window, tap), image[10 + window + 2 * tap - 2]);
      }
    }
  }
});

Deno.test("pixelRange() contains the pixels that windows read, exactly where there are no gaps", () => {
  for (const a of [...axes, ...axes.map(transposedAxis)]) {
    for (let window = 0; window < a.out; window++) {
      for (const windows of [1, Math.min(3, a.out - window)]) {
        const [from, to] = pixelRange(a, window, windows);
        const pixels = readBy(a, window, windows).filter((p) => p !== undefined);
        assert(pixels.every((p) => p >= from && p < to), JSON.stringify({ a, window, windows }));
        if (a.dilation > 1 || a.stride > 1 || pixels.length === 0) continue;
        assertEquals([from, to], [Math.min(...pixels), Math.max(...pixels) + 1]);
      }
    }
  }
});

Deno.test("spanOf() and reachesOut() agree with the first and the last tap", () => {
  for (const a of axes) {
    const last = (a.out - 1) * a.stride + (a.kernel - 1) * a.dilation;
    assertEquals(spanOf(a), last + 1);
    assertEquals(reachesOut(a), a.padding > 0 || last >= a.size);
    const zeros = each(a.out, (window) => readBy(a, window)).flat().some((p) => p === undefined);
    if (zeros) assert(reachesOut(a), JSON.stringify(a));
  }
});

Deno.test("transposedAxis() pairs the same pixels, with its taps from the last to the first", () => {
  for (const a of axes) {
    const t = transposedAxis(a), pairs = new Set<string>(), transposed = new Set<string>();
    assertEquals([t.size, t.out, t.spacing], [a.out, a.size, a.stride]);
    assertEquals(spacedSize(t), (a.out - 1) * a.stride + 1);
    assertEquals(transposedAxis(t), a);
    for (let tap = 0; tap < a.kernel; tap++) {
      each(a.out, (out) => pairs.add(`${pixelAt(a, out, tap)} ${out} ${tap}`));
      const flipped = a.kernel - 1 - tap;
      each(t.out, (pixel) => transposed.add(`${pixel} ${pixelAt(t, pixel, tap)} ${flipped}`));
    }
    const inside = (set: Set<string>) => [...set].filter((s) => !s.includes("undefined")).sort();
    assertEquals(inside(transposed), inside(pairs), JSON.stringify(a));
  }
});

Deno.test("inputGradientGeometry() swaps channels and sizes, and is its own inverse", () => {
  const attrs = { stride: 2, padding: 1, groups: 2 };
  const g = convGeometry([3, 9, 8, 6], [3, 5, 3, 10], attrs), back = inputGradientGeometry(g);
  assertEquals([g.y.out, g.x.out, g.groupIn, g.groupOut], [5, 3, 3, 5]);
  assertEquals(countProducts(g), 3 * 5 * 3 * 10 * 15 * 3);
  assertEquals([back.channels, back.outChannels, back.groupIn, back.groupOut], [10, 6, 5, 3]);
  assertEquals([back.y.out, back.x.out, back.y.spacing, back.x.padding], [9, 8, 2, 3]);
  assertEquals(inputGradientGeometry(back), g);
});
