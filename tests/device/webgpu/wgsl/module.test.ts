/**
 * Modules of WGSL in parts, and the symbols by which they are linked.
 */
import { assertEquals } from "@std/assert";
import { helperCall, scalarHelperCall } from "../../../../src/device/webgpu/wgsl/helper_call.ts";
import { helpersIn } from "../../../../src/device/webgpu/wgsl/helpers.ts";
import { quotient } from "../../../../src/device/webgpu/wgsl/instructions.ts";
import { literal } from "../../../../src/device/webgpu/wgsl/literal.ts";
import {
  mathCall,
  mathHelperName,
  type MathName,
  MATHS,
} from "../../../../src/device/webgpu/wgsl/math.ts";
import {
  expressionFn,
  fn,
  resolveDeclaration,
  showModule,
  workgroupArray,
} from "../../../../src/device/webgpu/wgsl/module.ts";
import {
  helpersCalledIn,
  helperSymbol,
  ownNames,
  resolveSymbols,
  symbol,
} from "../../../../src/device/webgpu/wgsl/symbols.ts";

Deno.test("resolveSymbols() replaces symbols, and no other names of the same spelling", () => {
  const text = `let part = ${symbol("part")}[part] + ${helperSymbol("is_nan1")}(part);`;
  assertEquals(
    resolveSymbols(text, (name) => `${name}_2`),
    "let part = part_2[part] + is_nan1_2(part);",
  );
  assertEquals(ownNames(text), "let part = part[part] + is_nan1(part);");
  assertEquals(helpersCalledIn(text), ["is_nan1"]);
  assertEquals(helpersCalledIn(symbol("is_nan1")), []);
});

Deno.test("resolveDeclaration() renames the declaration and its body's references", () => {
  const nameOf = (name: string) => `${name}_1`;
  const double = expressionFn("double", "(i: u32) -> f32", `2.0 * ${symbol("load0")}(i)`);
  assertEquals(resolveDeclaration(double, nameOf), {
    kind: "function",
    name: "double_1",
    signature: "(i: u32) -> f32",
    body: " return 2.0 * load0_1(i); ",
  });
  assertEquals(resolveDeclaration(workgroupArray("part", "f32", 64), nameOf), {
    kind: "workgroup",
    name: "part_1",
    type: "array<f32, 64>",
  });
});

Deno.test("showModule() writes a complete module", () => {
  const module = showModule({
    declarations: [
      workgroupArray("part", "vec4<f32>", 8),
      fn("store", "(i: u32, v: vec4<f32>)", `  ${symbol("part")}[i] = v;`),
    ],
    entry: {
      workgroupSize: 8,
      builtins: [["workgroup_id", "group"], ["local_invocation_index", "thread"]],
      body: `  ${symbol("store")}(thread, vec4<f32>());`,
    },
  });
  assertEquals(
    module,
    `var<workgroup> part: array<vec4<f32>, 8>;
fn store(i: u32, v: vec4<f32>) {
  part[i] = v;
}
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  store(thread, vec4<f32>());
}`,
  );
});

Deno.test("helpersIn() lists each helper once, before its first use", () => {
  const names = (...texts: string[]) => helpersIn(texts).map(({ name }) => name);
  assertEquals(names("let x = 1.0;"), []);
  assertEquals(names(mathCall("exp", 4, "x")), ["from_bits4", "is_nan4", "safe_exp4"]);
  assertEquals(names(literal(NaN, "f32", 1), helperCall("is_nan", 1, "x")), [
    "from_bits1",
    "is_nan1",
  ]);
  assertEquals(names(helperCall("float_remainder", 1, "x, y")), [
    "remainder_bits",
    "float_remainder1",
  ]);
  assertEquals(names(helperCall("is_nan", 1, "x"), quotient("a", "b", 100)), [
    "quotient",
    "is_nan1",
  ]);
  assertEquals(names(quotient("a", "b", 2 ** 25)), []);
  assertEquals(names(scalarHelperCall("quotient", "1, 2")), ["quotient"]);
});

Deno.test("mathCall() has the linker add the function that it calls", () => {
  for (const name of Object.keys(MATHS) as MathName[]) {
    for (const width of [1, 4] as const) {
      const helpers = helpersIn([mathCall(name, width, "x")]);
      assertEquals(helpers.at(-1)?.name, `${mathHelperName(name)}${width}`);
    }
  }
});
