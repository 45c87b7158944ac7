/**
 * Writes a dispatch as a shader: the functions by which its kernel reads and stores, with all that was fused
 * before and after it, and the variables that these need.
 *
 * @module
 */
import type { Step } from "../../../plan/plan.ts";
import { loadName, scratchName } from "../kernels/accessors.ts";
import type { Dispatch, Load, Scratch } from "../kernels/kernel.ts";
import type { ImageSize } from "../kernels/texture.ts";
import { helpersIn } from "../wgsl/helpers.ts";
import { expressionFn, fn, showDeclaration } from "../wgsl/module.ts";
import { symbol } from "../wgsl/symbols.ts";
import { typeOf } from "../wgsl/types.ts";
import { Emitter } from "./emitter.ts";
import type { Binding, Program, ShaderPart, Variable } from "./program.ts";
import { type StoreLayout, writeStores } from "./store.ts";
import { transposedView } from "./transposed.ts";

/** The program of a dispatch of a step; `buffers` are the step's scratch. */
export function writeProgram(
  step: Step,
  dispatch: Dispatch,
  buffers: readonly Scratch[],
  { pieces }: StoreLayout,
  parametric: boolean,
): Program {
  // Shaders that serve many sizes stay the same whatever they end with.
  const numbers = dispatch.parameters ? [...dispatch.parameters] : parametric ? [] : undefined;
  const emitter = new Emitter(numbers, dispatch.parameters !== undefined);
  const images = writeImages(dispatch);
  const loads = dispatch.loads.map((load) => writeLoad(step, load, emitter));
  const stores = writeStores(step, dispatch.writes, buffers, pieces, emitter);
  // What was written so far has said which buffers and numbers it reads.
  const reads = [...readVariables(emitter), ...scratchVariables(dispatch, buffers)];
  const uniforms = writeUniforms(numbers ?? []);
  const declarations = [
    ...[...images, ...loads, stores, uniforms].flatMap((part) => part.declarations),
    ...(dispatch.declarations ?? []),
  ];
  const helpers = helpersIn([...declarations.map(showDeclaration), dispatch.entry.body]);
  return {
    label: step.label,
    variables: [
      ...[...images, ...loads].flatMap((part) => part.variables),
      ...reads,
      ...stores.variables,
      ...uniforms.variables,
    ],
    declarations: [...helpers, ...declarations],
    entry: dispatch.entry,
    workgroups: dispatch.workgroups,
  };
}

/**
 * A function that reads texels of a texture.
 *
 * @param of What ends its name: an argument's number, or that of scratch.
 */
function writeImage(
  of: string,
  from: { readonly slot: number } | { readonly scratch: number },
  size: ImageSize,
): ShaderPart {
  const texture = `texture${of}`;
  return {
    variables: [{
      name: texture,
      type: "texture_storage_2d_array<rgba32float, read>",
      binding: { ...from, access: "image", size },
    }],
    declarations: [expressionFn(
      `image${of}`,
      "(x: i32, y: i32, layer: u32) -> vec4<f32>",
      `textureLoad(${symbol(texture)}, vec2<i32>(x, y), layer)`,
    )],
  };
}

/** The functions that read scratch that was copied into textures. */
const writeImages = ({ images = [] }: Dispatch): ShaderPart[] =>
  images.map(({ scratch, size }) => writeImage(`_scratch${scratch}`, { scratch }, size));

/** The function that reads an argument, from a texture or with all that was fused before it. */
function writeLoad(
  { kernel }: Step,
  { argument, width, image, transposed }: Load,
  emitter: Emitter,
): ShaderPart {
  const { expr: own, spec } = kernel!.args[argument]!;
  const expr = transposed ? transposedView(own, spec.shape)! : own;
  if (image) {
    if (expr.kind !== "load") {
      throw new TypeError("webgpu: expected an argument in memory to copy");
    }
    return writeImage(`${argument}`, { slot: expr.slot }, image);
  }
  const { lines, value } = emitter.body(expr, "i", width);
  return {
    variables: [],
    declarations: [fn(
      loadName(argument, width),
      `(i: u32) -> ${typeOf(expr.dtype, width)}`,
      `${lines}\n  return ${value};`,
    )],
  };
}

/** A buffer that is only read. */
const readOnly = (name: string, element: string, binding: Binding): Variable => ({
  name,
  space: "storage, read",
  type: `array<${element}>`,
  binding,
});

/** The buffers that an emitter's text reads. */
const readVariables = ({ reads }: Emitter): Variable[] =>
  [...reads.values()].map(({ name, slot, dtype, width }) =>
    readOnly(name, typeOf(dtype, width), { slot, access: "read" })
  );

/** The scratch that a dispatch reads. */
const scratchVariables = (
  { scratchReads = [] }: Dispatch,
  buffers: readonly Scratch[],
): Variable[] =>
  scratchReads.map(({ scratch, width }) =>
    readOnly(scratchName(scratch), typeOf(buffers[scratch]!.dtype ?? "f32", width), {
      scratch,
      access: "read",
    })
  );

/** The function that reads the numbers of a dispatch, in a uniform buffer of whole vectors. */
function writeUniforms(numbers: readonly number[]): ShaderPart {
  if (numbers.length === 0) return { variables: [], declarations: [] };
  const vectors = Math.ceil(numbers.length / 4), words = symbol("parameter_words");
  const parameters = Array.from({ length: 4 * vectors }, (_, i) => numbers[i] ?? 0);
  return {
    variables: [{
      name: "parameter_words",
      space: "uniform",
      type: `array<vec4<u32>, ${vectors}>`,
      binding: { parameters, access: "uniform" },
    }],
    declarations: [
      expressionFn("parameter", "(k: u32) -> u32", `${words}[k / 4u][k % 4u]`),
    ],
  };
}
