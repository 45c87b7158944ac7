import { assertEquals, assertStringIncludes } from "@std/assert";
import { faults, floorOf, importsOf, sourcesOf } from "../../dev/floors.ts";

const root = new URL("../..", import.meta.url).pathname;

Deno.test("faults() finds none in this repository", async () => {
  assertEquals(faults(await sourcesOf(root)), []);
});

Deno.test("floorOf() tells files, folders and what is on no floor apart", () => {
  assertEquals(floorOf("src/shape.ts"), 0);
  assertEquals(floorOf("src/device/cpu/emit.ts"), 5);
  assertEquals(floorOf("src/nn/conv.ts"), 3.5);
  assertEquals(floorOf("src/shape.ts.old"), undefined);
  assertEquals(floorOf("src/lost.ts"), undefined);
});

Deno.test("importsOf() finds every form of import, and none in comments or text", () => {
  const text = `
    /** import { no } from "./comment.ts"; */
    // import { no } from "./line.ts";
    import "./bare.ts";
    import all, { type A } from "./one.ts";
    import type {
      B,
    } from "./many.ts";
    export * as names from "./star.ts";
    export { c } from './single.ts';
    export const text = \`import { no } from "./text.ts"\`;
    const later = await import("./dynamic.ts");
  `;
  assertEquals(importsOf(text), [
    "./bare.ts",
    "./one.ts",
    "./many.ts",
    "./star.ts",
    "./single.ts",
    "./dynamic.ts",
  ]);
});

const allowed: [path: string, text: string][] = [
  ["src/ops/conv.ts", `import { a } from "../tensor.ts";\nimport { b } from "./view.ts";`],
  ["src/init/lsuv.ts", `import { a } from "../grad.ts";\nimport { b } from "../nn/dense.ts";`],
  ["src/train/loop.ts", `import type { Runtime } from "../runtime/mod.ts";`],
  ["mod.ts", `export * from "./src/runtime/mod.ts";`],
  ["src/device/webgpu/open.ts", `await navigator.gpu.requestAdapter();`],
  ["src/device/cpu/emit.ts", `new WebAssembly.Module(bytes);`],
  ["src/runtime/mod.ts", `/** Never touches navigator.gpu or WebAssembly. */ // WebAssembly`],
];

for (const [path, text] of allowed) {
  Deno.test(`faults() allows ${path} to say ${text}`, () =>
    assertEquals(faults([{ path, text }]), []));
}

const violations: [path: string, text: string, fault: string][] = [
  ["src/shape.ts", `import { a } from "./tensor.ts";`, `found "src/tensor.ts" on floor 1`],
  [
    "src/nn/dense.ts",
    `import { a } from "../plan/fuse.ts";`,
    `found "src/plan/fuse.ts" on floor 4`,
  ],
  [
    "src/init/lsuv.ts",
    `import { open } from "../runtime/mod.ts";`,
    'found "src/runtime/mod.ts" on floor 6',
  ],
  ["src/models/net.ts", `await import("../device/open.ts");`, "on floor 5"],
  ["src/plan/fuse.ts", `export * from "../device/cpu/emit.ts";`, "on floor 5"],
  ["src/ops/conv.ts", `import { a } from "@std/assert";`, `found "@std/assert"`],
  ["mod.ts", `import { b } from "node:fs";`, `relative imports only, found "node:fs"`],
  ["src/data/formats/idx.ts", `import { b } from "../../dev/ok.ts";`, `found "dev/ok.ts"`],
  [
    "src/runtime/mod.ts",
    `const gpu = navigator?.gpu;`,
    `"navigator.gpu" in src/device/webgpu/ only`,
  ],
  ["src/device/webgpu/run.ts", `WebAssembly.compile(b)`, `"WebAssembly" in src/device/cpu/ only`],
  ["src/lost.ts", "", "expected a floor in the table of dev/floors.ts, found none"],
];

for (const [path, text, expected] of violations) {
  Deno.test(`faults() catches ${path} saying ${text || "nothing"}`, () => {
    const found = faults([{ path, text }]);
    assertEquals(found.length, 1);
    assertStringIncludes(found[0]!, `${path}: expected`);
    assertStringIncludes(found[0]!, expected);
  });
}

Deno.test("dev/floors.ts exits with 1 and names the file of a violating repository", async () => {
  const path = await Deno.makeTempDir();
  await Deno.mkdir(`${path}/src/nn`, { recursive: true });
  await Deno.writeTextFile(`${path}/mod.ts`, `export * from "./src/nn/dense.ts";\n`);
  await Deno.writeTextFile(`${path}/src/nn/dense.ts`, `import "../runtime/mod.ts";\n`);
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `${root}/dev/floors.ts`],
    cwd: path,
  }).output();
  await Deno.remove(path, { recursive: true });
  assertEquals(code, 1);
  assertStringIncludes(new TextDecoder().decode(stderr), "src/nn/dense.ts: expected imports from");
});
