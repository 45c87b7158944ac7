/**
 * Adapters that serve, and those that do not: none, and software behind OpenGL, whose name is that of
 * software behind Vulkan.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  type AdapterInfo,
  hasSlowCompiler,
  isSoftware,
  isSoftwareOpenGl,
  whyRefused,
} from "../../../src/device/webgpu/adapter.ts";
import type { Tuple } from "../../../src/tuple.ts";

const MESA = "llvmpipe (LLVM 15.0.6, 256 bits)";

/** What Deno says of adapters: its name, whether it is a fallback, the widths of its vectors. */
const infoOf = (
  description: string,
  isFallbackAdapter: boolean,
  [subgroupMinSize, subgroupMaxSize]: readonly [number, number],
): AdapterInfo => ({
  description,
  device: "0",
  architecture: "",
  isFallbackAdapter,
  subgroupMinSize,
  subgroupMaxSize,
});

const KINDS: readonly (readonly [what: string, AdapterInfo, software: boolean, serves: boolean])[] =
  [
    ["Mesa behind Vulkan", infoOf(MESA, true, [8, 8]), true, true],
    ["Mesa behind Vulkan without AVX", infoOf(MESA, true, [4, 4]), true, true],
    ["SwiftShader", infoOf("SwiftShader Device (Subzero)", true, [4, 4]), true, true],
    ["Mesa behind OpenGL", infoOf(MESA, true, [4, 128]), true, false],
    ["Mesa behind OpenGL, unmarked", infoOf(MESA, false, [4, 128]), true, false],
    ["Mesa's older rasterizer", infoOf("softpipe", false, [4, 128]), true, false],
    ["a GPU behind Vulkan", infoOf("NVIDIA H100 80GB HBM3", false, [32, 32]), false, true],
    ["a GPU of several widths", infoOf("Intel(R) UHD Graphics", false, [8, 32]), false, true],
    ["a GPU behind OpenGL", infoOf("Mesa Intel(R) HD 4000", false, [4, 128]), false, true],
  ];

Deno.test("isSoftware() finds SwiftShader in a browser, which names only its architecture", () => {
  const info = { ...infoOf("", false, [4, 4]), device: "", architecture: "swiftshader" };
  assertEquals([isSoftware(info), isSoftwareOpenGl(info)], [true, false]);
  assert(hasSlowCompiler(info));
  assert(!hasSlowCompiler(infoOf(MESA, true, [8, 8])));
});

for (const [what, info, software, serves] of KINDS) {
  Deno.test(`whyRefused() ${serves ? "takes" : "refuses"} ${what}`, () => {
    assertEquals([isSoftware(info), isSoftwareOpenGl(info)], [software, !serves]);
    const refusal = whyRefused({ info });
    assertEquals(refusal === undefined, serves);
    if (serves) return;
    assertStringIncludes(refusal!, `found OpenGL in software, "${info.description}"`);
    assertStringIncludes(refusal!, "apt-get install mesa-vulkan-drivers");
  });
}

Deno.test("whyRefused() says what to install where there is no adapter", () => {
  assertMatch(whyRefused(null)!, /expected a GPU adapter, found none\. .*sh setup\.sh --webgpu/);
});

Deno.test("open() rejects a software adapter through OpenGL, for which auto is cpu", async () => {
  const program = `import { open } from "${new URL("../../../mod.ts", import.meta.url)}";
    await using run = await open();
    const adapter = await navigator.gpu?.requestAdapter();
    console.log(JSON.stringify([run.device, adapter?.info.description]));
    await open({ device: "webgpu" });`;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
    env: { DENO_WEBGPU_BACKEND: "gl", NO_COLOR: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)) as Tuple<
    string,
    2
  >;
  const [device, adapter] = JSON.parse(out);
  // A machine may have a GPU that OpenGL serves.
  if (code === 0) return void assert(!isSoftware(infoOf(adapter, false, [4, 128])), adapter);
  assertEquals(device, "cpu");
  const found = adapter ? `OpenGL in software, "${adapter}"` : "none. ";
  assertStringIncludes(err, `found ${found}`);
  assertStringIncludes(err, "apt-get install mesa-vulkan-drivers");
});
