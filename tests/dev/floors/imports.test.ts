import { assertEquals } from "@std/assert";
import { findImports, findSpecifiers, findStarted } from "../../../dev/floors/imports.ts";

Deno.test("findSpecifiers() finds every form of import, and none in comments or text", () => {
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
    let typed: import("./typed.ts").T;
  `;
  assertEquals(findSpecifiers(text), [
    "./bare.ts",
    "./one.ts",
    "./many.ts",
    "./star.ts",
    "./single.ts",
    "./dynamic.ts",
    "./typed.ts",
  ]);
});

Deno.test("findImports() resolves relative imports and leaves packages alone", () => {
  const text = `import "../tensor.ts";\nimport "@std/assert";`;
  assertEquals(findImports({ path: "src/ops/conv.ts", text }), [
    { specifier: "../tensor.ts", target: "src/tensor.ts" },
    { specifier: "@std/assert", target: undefined },
  ]);
});

Deno.test("findStarted() finds the files of workers and processes", () => {
  const text = `new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });`;
  assertEquals(findStarted({ path: "src/device/cpu/team.ts", text }), [
    { specifier: "./worker.ts", target: "src/device/cpu/worker.ts" },
  ]);
});
