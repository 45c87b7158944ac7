/**
 * What convolutions on the CPU are written from: bands of rows, and how weights lie.
 */
import { assert, assertEquals } from "@std/assert";
import { splitIntoBands } from "../../../src/device/cpu/kernels/conv/bands.ts";
import {
  transposedWeightStrides,
  type WeightStrides,
  weightStrides,
} from "../../../src/device/cpu/kernels/conv/weights.ts";
import { convGeometry } from "../../../src/ops/conv_geometry.ts";

Deno.test("splitIntoBands() covers every row once, in bands that fit a cache or are as high as a window", () => {
  for (const batch of [1, 3, 64]) {
    for (const [height, channels, stride] of [[7, 3, 1], [32, 32, 1], [70, 512, 2], [9, 8, 3]]) {
      const g = convGeometry([batch, height!, 40, channels!], [3, 3, channels!, 8], {
        stride: stride!,
        padding: 1,
        groups: 1,
      });
      const { rows, count, bytes, row } = splitIntoBands(g);
      assert(rows * count >= g.y.out && rows * (count - 1) < g.y.out, `${rows} × ${count}`);
      assert(rows * stride! < 3 + stride! || bytes <= 192 * 1024, `${bytes} bytes of ${rows} rows`);
      assertEquals(bytes, row * ((rows - 1) * stride! + 3));
    }
  }
});

Deno.test("transposedWeightStrides() reads the taps backwards and exchanges channels", () => {
  const shape = [3, 5, 2, 6] as const, [kernelHeight, kernelWidth, groupIn, outChannels] = shape;
  const g = convGeometry([1, 9, 9, 4], shape, { stride: 1, padding: 0, groups: 2 });
  const at = (w: WeightStrides, [group, y, x, channel, out]: readonly number[]) =>
    w.start + group! * w.group + y! * w.y + x! * w.x + channel! * w.channel + out! * w.out;
  for (let group = 0; group < 2; group++) {
    for (let y = 0; y < kernelHeight; y++) {
      for (let x = 0; x < kernelWidth; x++) {
        for (let i = 0; i < groupIn; i++) {
          for (let o = 0; o < outChannels / 2; o++) {
            const flat = ((y * kernelWidth + x) * groupIn + i) * outChannels + group * 3 + o;
            assertEquals(at(weightStrides(g), [group, y, x, i, o]), flat);
            const flipped = [group, kernelHeight - 1 - y, kernelWidth - 1 - x, o, i];
            assertEquals(at(transposedWeightStrides(g), flipped), flat);
          }
        }
      }
    }
  }
});
