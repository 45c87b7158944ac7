/**
 * Convolutions of awkward geometry and their gradients: groups, phases of strides, kernels larger than a panel,
 * results that no pixel reaches; in WebAssembly and in machine code, by one thread and three. Nothing is written
 * behind a result.
 */
import { assert, assertEquals } from "@std/assert";
import type { Block } from "../../../src/device/cpu/arena.ts";
import { openCpu } from "../../../src/device/cpu/mod.ts";
import { detectNative } from "../../../src/device/cpu/native/detect.ts";
import { grad } from "../../../src/grad.ts";
import {
  conv2d,
  type ConvOptions,
  convTranspose2d,
  KERNEL_OPS,
  mul,
  sum,
} from "../../../src/ops/mod.ts";
import { runtimeOn } from "../../../src/runtime/mod.ts";
import { apply, placeholder, type Tensor } from "../../../src/tensor.ts";
import { filled } from "../../devices.ts";
import { assertAgrees, type Sample } from "../../ops/oracle.ts";

type Form = readonly [image: readonly number[], weight: readonly number[], options: ConvOptions];

const FORMS: readonly Form[] = [
  [[2, 7, 5, 3], [3, 3, 3, 5], { padding: 1 }],
  [[2, 7, 5, 6], [3, 2, 2, 9], { groups: 3, padding: [[1, 0], [0, 1]] }],
  [[1, 13, 9, 4], [3, 5, 4, 7], { stride: [2, 3], padding: 2 }],
  [[2, 9, 11, 4], [2, 3, 2, 6], { groups: 2, stride: 2, padding: 1 }],
  [[1, 11, 11, 2], [3, 3, 2, 3], { dilation: [2, 1], stride: 2 }],
  // Strides past the kernel: the gradient of some pixels is zero.
  [[1, 10, 10, 3], [2, 2, 3, 4], { stride: [4, 3] }],
  // A kernel of more than a panel, whose rows are taken in blocks with a remainder.
  [[1, 8, 7, 250], [7, 7, 250, 13], { padding: 3 }],
  // Several groups to a share of the work, and a single image in bands, whose phases end unevenly.
  [[9, 12, 5, 8], [3, 3, 2, 8], { groups: 4, padding: 1 }],
  [[1, 61, 8, 5], [3, 3, 5, 8], { stride: 2, padding: 1 }],
  [[1, 61, 8, 5], [3, 3, 5, 8], { stride: [3, 1], padding: 1 }],
  // Groups too wide for a depthwise kernel: all to a share, and few, fewer in the last.
  [[9, 7, 5, 15], [2, 3, 5, 18], { groups: 3, stride: 2, padding: 1 }],
  [[1, 3, 4, 35], [2, 2, 5, 42], { groups: 7 }],
  // Bands of rows, the last of which is lower.
  [[3, 37, 8, 5], [3, 3, 5, 8], { stride: 2, padding: 1 }],
];

/** Both gradients of a function of two tensors, weighed by a cotangent. */
const gradients = (f: (x: Tensor, w: Tensor) => Tensor) => (x: Tensor, w: Tensor) => {
  const cotangent = filled(f(x, w).shape, 7);
  return grad((both: { x: Tensor; w: Tensor }) => sum(mul(f(both.x, both.w), cotangent)))({ x, w });
};

const samples = FORMS.flatMap(([image, weight, options]): Sample[] => {
  const inputs = [filled(image, 1), filled(weight, 2)];
  const conv = (x: Tensor, w: Tensor) => conv2d(x, w, options);
  const both = gradients(conv), name = `${image} by ${weight} ${JSON.stringify(options)}`;
  return [
    { name, inputs, f: (x, w) => [conv(x!, w!)] },
    {
      name: `gradients of ${name}`,
      inputs,
      f: (x, w) => {
        const found = both(x!, w!);
        return [found.x, found.w];
      },
    },
  ];
});

const transposed: Sample = {
  name: "a transposed convolution of oblong kernel and groups",
  inputs: [filled([2, 4, 5, 6], 3), filled([3, 4, 2, 6], 4)],
  f: (x, w) => [convTranspose2d(x!, w!, { stride: [2, 3], padding: 1, groups: 2 })],
};

const best = detectNative();
for (const native of best ? [undefined, best] : [undefined]) {
  for (const threads of [1, 3]) {
    Deno.test(`convolutions of awkward geometry agree with float64 (${native ?? "WebAssembly"}, ${threads})`, async () => {
      await using run = runtimeOn(openCpu(threads, { native }));
      await assertAgrees(run, [...samples, transposed]);
    });
  }
}

for (const stride of [2, 3]) {
  Deno.test(`phases of stride ${stride} that end unevenly write nothing behind their result`, async () => {
    const device = openCpu(1), spec = { dtype: "f32" } as const;
    const attrs = { stride: [stride, 1] as const, padding: 1, groups: 1 };
    const shape = [1, 61, 8, 8], image = placeholder({ shape, ...spec });
    const weight = placeholder({ shape: [3, 3, 8, 8], ...spec });
    const cotangent = placeholder({ shape: conv2d(image, weight, attrs).shape, ...spec });
    const inputs = [cotangent, weight];
    const gradient = apply(KERNEL_OPS.conv2dInputGradient, inputs, { ...attrs, shape });
    const executable = device.compile({ inputs, outputs: [gradient] });
    const data = inputs.map(({ shape }, i) => filled(shape, i).data!);
    const run = () => executable.run(data)[0] as Block;
    // The first run also allocates what is kept; the next two results lie one behind the other.
    run();
    const [before, behind] = [run(), run()];
    assertEquals(behind.address, before.address + before.bytes);
    const [expected] = await device.read([behind], [gradient]);
    assert(expected!.some((value) => value !== 0));
    device.release(before);
    assertEquals(run().address, before.address);
    assertEquals((await device.read([behind], [gradient]))[0], expected);
    await device.close();
  });
}
