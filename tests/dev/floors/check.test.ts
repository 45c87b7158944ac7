import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { faults } from "../../../dev/floors/check.ts";
import { GUESTS, LIBRARY, ROOMS } from "../../../dev/floors/order.ts";
import { readSources } from "../../../dev/floors/sources.ts";

const ROOT = new URL("../../..", import.meta.url).pathname;

const repository = await readSources(ROOT);

Deno.test("faults() finds no violation in this repository", () =>
  assertEquals(faults(repository), []));

Deno.test("every path of the tables of floors exists", async () => {
  const paths = [...LIBRARY, ...ROOMS].flatMap((floor) => floor.paths);
  for (const path of [...paths, ...Object.values(GUESTS).flat()]) await Deno.stat(ROOT + path);
});

const allowed: [path: string, text: string][] = [
  ["src/ops/conv.ts", `import { a } from "../tree.ts";\nimport { b } from "./view.ts";`],
  ["src/init/lsuv.ts", `import { a } from "../grad.ts";\nimport { b } from "../nn/dense.ts";`],
  ["mod.ts", `export * from "./src/runtime.ts";`],
  ["src/device/webgpu/open.ts", `await navigator.gpu.requestAdapter();`],
  ["src/device/cpu/emit.ts", `new WebAssembly.Module(bytes);`],
  ["src/tree.ts", `/** Never touches navigator.gpu or WebAssembly. */ // WebAssembly`],
  ["tasks/live/page.ts", `import { a } from "../cli/options.ts";\nimport "../../src/tree.ts";`],
  ["tasks/report.ts", `import { a } from "./live/page.ts";\nimport { parse } from "@std/csv";`],
  ["tasks/cli/help.ts", `import { ProgressBar } from "@std/cli/unstable-progress-bar";`],
  ["bench/main.ts", `import { a } from "../tasks/cli/mod.ts";\nimport "../src/plan/build.ts";`],
  ["dev/api.ts", `import { a } from "../tasks/cli/command.ts";`],
  ["tests/tasks/runs.ts", `new URL("../../tasks/train_mnist.ts", import.meta.url).pathname;`],
];

for (const [path, text] of allowed) {
  Deno.test(`faults() allows ${path} to say ${text}`, () =>
    assertEquals(faults([{ path, text }]), []));
}

const violations: [path: string, text: string, fault: string][] = [
  ["src/shape.ts", `import { a } from "./ops/mod.ts";`, `found "src/ops/mod.ts" of ops`],
  ["src/shape.ts", `import type { A } from "./ops/mod.ts";`, `found "src/ops/mod.ts" of ops`],
  ["src/nn/dense.ts", `import { a } from "../plan/fuse.ts";`, `found "src/plan/fuse.ts" of plan`],
  ["src/nn/dense.ts", `import { a } from "../init/lsuv.ts";`, `found "src/init/lsuv.ts" of init`],
  ["src/models/net.ts", `await import("../device/open.ts");`, "of device"],
  ["src/plan/fuse.ts", `export * from "../device/cpu/emit.ts";`, "of device"],
  [
    "src/data/idx.ts",
    `import { fit } from "../train/fit.ts";`,
    `found "src/train/fit.ts" of train`,
  ],
  ["src/data/idx.ts", `new URL("../train/worker.ts", import.meta.url)`, "of train"],
  ["src/ops/conv.ts", `import { a } from "@std/assert";`, `found "@std/assert"`],
  ["mod.ts", `import { b } from "node:fs";`, `relative imports only, found "node:fs"`],
  ["src/data/idx.ts", `import { b } from "../../dev/ok.ts";`, `found "dev/ok.ts"`],
  ["src/tree.ts", `const gpu = navigator?.gpu;`, `"navigator.gpu" in src/device/webgpu/ only`],
  ["src/device/webgpu/run.ts", `WebAssembly.compile(b)`, `"WebAssembly" in src/device/cpu/ only`],
  [
    "src/data/idx.ts",
    `Deno.stat(p)`,
    `"Deno" in src/platform/ and src/device/cpu/native/ and src/distributed/ only`,
  ],
  ["src/lost.ts", "", "expected a floor in the table of dev/floors/order.ts, found none"],
  ["tasks/lost/a.ts", "", "expected a floor in the table of dev/floors/order.ts, found none"],
  ["tasks/cli/help.ts", `import "../live/page.ts";`, `found "tasks/live/page.ts" of live`],
  ["tasks/plots/svg.ts", `import type { R } from "../report/run.ts";`, "of report"],
  ["tasks/run/lock.ts", `import "../../bench/main.ts";`, `found "bench/main.ts"`],
  ["tasks/run/lock.ts", `import "../../tests/devices.ts";`, `found "tests/devices.ts"`],
  ["tasks/run/lock.ts", `import "../../dev/ok.ts";`, `found "dev/ok.ts"`],
  ["tasks/train_cifar.ts", `import "./report.ts";`, `import of an entry, found "tasks/report.ts"`],
  ["tasks/live/page.ts", `import "../report.ts";`, `import of an entry, found "tasks/report.ts"`],
  [
    "tests/a.test.ts",
    `import "../tasks/report.ts";`,
    `import of an entry, found "tasks/report.ts"`,
  ],
  ["bench/main.ts", `import "../tasks/report.ts";`, `import of an entry, found "tasks/report.ts"`],
  ["bench/main.ts", `import "../tasks/run/lock.ts";`, `found "tasks/run/lock.ts"`],
  ["bench/main.ts", `import type { A } from "../tasks/cli/help.ts";`, `found "tasks/cli/help.ts"`],
  ["bench/main.ts", `new URL("../tasks/run/lock.ts", import.meta.url)`, `"tasks/run/lock.ts"`],
  ["dev/ok.ts", `import "../tasks/run/lock.ts";`, `found "tasks/run/lock.ts"`],
];

for (const [path, text, expected] of violations) {
  Deno.test(`faults() catches ${path} saying ${text || "nothing"}`, () => {
    const found = faults([{ path, text }]);
    assertEquals(found.length, 1);
    assertStringIncludes(found[0]!, `${path}: expected`);
    assertStringIncludes(found[0]!, expected);
  });
}

const folders = ["src/ops", "tasks/run", "tests", "bench", "dev", "examples", "compat/std"];

for (const folder of folders) {
  for (const form of ["import", "import type"]) {
    Deno.test(`faults() catches a circle of three files in ${folder} by ${form}`, () => {
      const file = (name: string, next: string) => ({
        path: `${folder}/${name}.ts`,
        text: `${form} { A } from "./${next}.ts";`,
      });
      const found = faults([file("a", "b"), file("b", "c"), file("c", "a"), file("d", "a")]);
      assertEquals(found.length, 1);
      const way = ["a", "b", "c", "a"].map((name) => `${folder}/${name}.ts`).join(" → ");
      assertStringIncludes(found[0]!, `expected no circle of files, found ${way}`);
    });
  }
}

/** What the check prints of this repository with one more file. */
async function withPlanted(path: string, text: string) {
  const copy = await Deno.makeTempDir();
  try {
    for (const each of [...repository, { path, text }]) {
      await Deno.mkdir(`${copy}/${each.path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${copy}/${each.path}`, each.text);
    }
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", `${ROOT}/dev/floors/main.ts`],
      cwd: copy,
    }).output();
    return { code, lines: new TextDecoder().decode(stderr).trim().split("\n") };
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
}

const planted: [what: string, path: string, text: string, fault: string][] = [
  ["order of src", "src/ops/planted.ts", `import "../nn/mod.ts";`, "expected imports from ops or"],
  ["order of tasks", "tasks/run/planted.ts", `import "../live/attach.ts";`, "imports from run or"],
  ["room", "tasks/planted/a.ts", "", "expected a floor in the table"],
  [
    "import of a type by bench",
    "bench/planted.ts",
    `import type {} from "../tasks/run/lock.ts";`,
    "of tasks but",
  ],
  [
    "import of an entry",
    "tests/planted.ts",
    `import "../tasks/report.ts";`,
    "no import of an entry",
  ],
  [
    "circle by types",
    "dev/planted.ts",
    `import type {} from "./planted.ts";`,
    "no circle of files",
  ],
];

for (const [what, path, text, fault] of planted) {
  Deno.test(`deno task floors exits with 1 where a violation is planted in this repository: ${what}`, async () => {
    const { code, lines } = await withPlanted(path, `${text}\n`);
    assertEquals(code, 1);
    assertEquals(lines.length, 1, lines.join("\n"));
    assert(lines[0]!.startsWith(`${path}: `));
    assertStringIncludes(lines[0]!, fault);
  });
}
