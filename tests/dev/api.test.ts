/**
 * How docs/api.md is made of what `deno doc` says. The gate checks that the file is as it would be made.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { publicNames, render, withoutExample } from "../../dev/api.ts";

const names = await publicNames(new URL("../..", import.meta.url).pathname);
const named = (name: string) => names.filter((each) => each.name === name);

Deno.test("render() lists a function with its parameters, a type with its kind, methods below", () => {
  const text = render(
    ["conv", "sequential", "add", "Shape", "Tensor", "Runtime", "relu"].flatMap(named),
  );
  for (
    const line of [
      "- `conv(channels, size, options?)`: A 2-D convolution with biases",
      "- `sequential(...layers)`: Layers in sequence.",
      "- `add(a, b)`: a + b.",
      "- `type Shape`: Sizes of a tensor's axes",
      "- `class Tensor`: An immutable, lazy array",
      "- `interface Runtime`: A runtime on an open device",
      "  - `jit(f, options?)`: A function that traces",
      "- `relu`: ReLU: max(0, x)",
    ]
  ) assert(text.includes(`\n${line}`), `${line} not in\n${text}`);
  assert(text.indexOf("## Tensors") < text.indexOf("## Layers and losses"));
});

Deno.test("render() rejects files without a section", () => {
  const conv = named("conv")[0]!;
  const moved = {
    ...conv,
    declarations: [{
      ...conv.declarations[0]!,
      location: { filename: "file:///x/src/new/conv.ts" },
    }],
  };
  assertThrows(
    () => render([moved]),
    RangeError,
    "expected a section of dev/api.ts for src/new/conv.ts",
  );
});

Deno.test("withoutExample() names only functions and classes", () => {
  const conv = named("conv")[0]!, bare = { ...conv.declarations[0]!, jsDoc: { doc: "A layer." } };
  assertEquals(withoutExample([{ name: "conv", declarations: [bare] }]), ["src/nn/conv.ts: conv"]);
  assertEquals(withoutExample([conv, ...named("Shape"), ...named("add")]), []);
});
