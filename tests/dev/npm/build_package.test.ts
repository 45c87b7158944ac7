/**
 * The npm package: a strict TypeScript project compiles with it, and the same program computes the same bits
 * in Node as in Deno: LSUV, training on every device and with worker threads, checkpoints, files. One build
 * serves all tests, since it takes some seconds.
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { buildPackage } from "../../../dev/npm/build_package.ts";
import { renameModules } from "../../../dev/npm/rename_modules.ts";
import { NPM } from "../../../tasks/cli/npm.ts";
import { throughDeno } from "../../subprocess.ts";

const here = new URL(".", import.meta.url);

/** Why the package cannot be built here; undefined where it can. */
const noCompiler: string | undefined = await import(NPM.typescript).then(
  () => undefined,
  () => "left out, as npm's registry, from which the compiler comes, does not answer",
);

/** The version of a program; undefined where it is not installed. */
async function versionOf(program: string): Promise<string | undefined> {
  try {
    const { stdout } = await new Deno.Command(program, { args: ["--version"] }).output();
    return new TextDecoder().decode(stdout).trim();
  } catch {
    return undefined;
  }
}

const node = await versionOf("node"), bun = await versionOf("bun");

/** Whether a version of Node is the oldest supported one or later. */
const isSupported = (version: string): boolean => {
  const [major = 0, minor = 0] = version.replace("v", "").split(".").map(Number);
  return major > 20 || (major === 20 && minor >= 16);
};

const noNode = noCompiler ??
  (node && isSupported(node) ? undefined : `left out, as there is no Node from 20.16 on`);
const noBun = noCompiler ?? (bun ? undefined : "left out, as there is no Bun");

let project: Promise<string> | undefined;

/** A folder of a project that has installed the package; built at the first call. */
const installed = (): Promise<string> =>
  project ??= (async () => {
    const folder = await Deno.makeTempDir();
    await Deno.mkdir(`${folder}/node_modules/@goodinit`, { recursive: true });
    await buildPackage(`${folder}/node_modules/@goodinit/goodinit`);
    await Deno.copyFile(new URL("smoke.mjs", here), `${folder}/smoke.mjs`);
    return folder;
  })();

Deno.test.afterAll(async () => {
  if (project) await Deno.remove(await project, { recursive: true });
});

const withPackage = (name: string, why: string | undefined, fn: () => Promise<void>): void =>
  Deno.test({ name: why ? `${name}: ${why}` : name, ignore: why !== undefined, fn });

/** What the program printed on a platform. */
interface Printed {
  readonly result: Readonly<Record<string, unknown>>;
  readonly platform: Readonly<Record<string, string>>;
}

async function smoke(program: string, ...flags: readonly string[]): Promise<Printed> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...flags, "smoke.mjs"],
    cwd: await installed(),
  }).output();
  const decoder = new TextDecoder();
  assert(success, `${program}: ${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout));
}

let inDeno: Promise<Printed> | undefined;

/** What the program prints in Deno, from the sources. */
const denoPrints = (): Promise<Printed> =>
  inDeno ??= throughDeno([
    "run",
    "-A",
    "--quiet",
    "--no-check",
    new URL("smoke.mjs", here).pathname,
  ]).then(JSON.parse);

withPackage("the package has types, no dependencies, and no TypeScript", noCompiler, async () => {
  const folder = `${await installed()}/node_modules/@goodinit/goodinit`;
  const text = await Deno.readTextFile(`${folder}/package.json`);
  const { name, type, exports, dependencies, sideEffects } = JSON.parse(text);
  assertEquals([name, type, dependencies], ["@goodinit/goodinit", "module", undefined]);
  const { types, default: entry } = exports["."];
  for (const path of [types, entry, "README.md", "LICENSE", "CHANGELOG.md", ...sideEffects]) {
    assert((await Deno.stat(`${folder}/${path}`)).isFile, path);
  }
  assertEquals(sideEffects.length, 2);
  const bare = /["'](?:npm|jsr|node|https?):|["']\.[^"'\n]+\.ts["']/;
  for await (const { name } of Deno.readDir(`${folder}/src/device/cpu/threads`)) {
    if (!/\.d\.ts$|\.js$/.test(name)) throw new Error(`found ${name}`);
    assert(!bare.test(await Deno.readTextFile(`${folder}/src/device/cpu/threads/${name}`)), name);
  }
});

withPackage("a strict TypeScript project compiles with the package", noCompiler, async () => {
  const ts = (await import(NPM.typescript)).default, folder = await installed();
  const main = await Deno.readTextFile(new URL("../../consumer/main.ts", import.meta.url));
  const typed = `import { data, fit, type Runtime } from "@goodinit/goodinit";
    export const wrong: Runtime = 1; // The only error: types are there.
    export const names: readonly string[] = data.PROCEDURAL_CLASSES, train = fit;`;
  await Deno.writeTextFile(`${folder}/main.ts`, main);
  await Deno.writeTextFile(`${folder}/typed.ts`, typed);
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  };
  await Deno.writeTextFile(`${folder}/package.json`, JSON.stringify({ type: "module" }));
  const program = ts.createProgram([`${folder}/main.ts`, `${folder}/typed.ts`], options);
  const errors = ts.getPreEmitDiagnostics(program).map((each: { messageText: string }) =>
    ts.flattenDiagnosticMessageText(each.messageText, "\n")
  );
  assertEquals(errors, ["Type 'number' is not assignable to type 'Runtime'."]);
});

withPackage(
  "Node computes the bits that Deno computes, with threads and files",
  noNode,
  async () => {
    // Node 20 has fused multiplications behind a flag, which later versions do not know.
    const flags = node!.startsWith("v20.") ? ["--experimental-wasm-relaxed-simd"] : [];
    const { result, platform } = await smoke("node", ...flags);
    assertEquals(result, (await denoPrints()).result);
    assertEquals([platform.device, platform.reason], ["cpu", "Node.js has no WebGPU"]);
    assertEquals(
      platform.webgpu,
      'webgpu: expected WebGPU, found Node.js, which has none; the device "cpu" computes there',
    );
  },
);

withPackage("Bun computes the same up to rounding", noBun, async () => {
  const { result, platform } = await smoke("bun"), expected = (await denoPrints()).result;
  for (const part of ["shown", "reference", "memory", "files"]) {
    assertEquals(result[part], expected[part], part);
  }
  assertEquals(result.one, result.two);
  assertEquals([platform.device, platform.reason], ["cpu", "Bun has no WebGPU"]);
});

withPackage("buildPackage() replaces a former package only", noCompiler, async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/mine.txt`, "");
  await assertRejects(
    () => buildPackage(folder),
    Error,
    `--out: expected an empty folder or a former package, found ${folder} with other files`,
  );
  assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("renameModules() renames the modules of imports, exports and workers", () => {
  assertEquals(
    renameModules(
      `import { a } from "./a.ts"; export * from "../b/c.ts"; const d = import("./d.ts").D;\n` +
        `new Worker(new URL("./worker.ts", import.meta.url)); const text = "./e.ts";`,
    ),
    `import { a } from "./a.js"; export * from "../b/c.js"; const d = import("./d.js").D;\n` +
      `new Worker(new URL("./worker.js", import.meta.url)); const text = "./e.ts";`,
  );
  assertMatch(renameModules(`import "x.ts";`), /x\.ts/);
});
