/**
 * Emits the program of a dispatch: the kernel's accessors, with the work fused before and after it, and
 * their variables.
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

/** Emits the program of a step's dispatch; `buffers` are the step's scratch buffers. */
export function writeProgram(
  step: Step,
  dispatch: Dispatch,
  buffers: readonly Scratch[],
  { pieces }: StoreLayout,
  parametric: boolean,
): Program {
  // Kernels that share pipelines among sizes must have the same text whatever is fused after them.
  const numbers = dispatch.parameters ? [...dispatch.parameters] : parametric ? [] : undefined;
  const emitter = new Emitter(numbers, dispatch.parameters !== undefined);
  const images = writeImages(dispatch);
  const loads = dispatch.loads.map((load) => writeLoad(step, load, emitter));
  const stores = writeStores(step, dispatch.writes, buffers, pieces, emitter);
  // Only now are the buffers and parameters known that the functions above read.
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
 * @param of The suffix of its name: the index of an argument, or that of scratch.
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

/** The functions that read scratch from textures. */
const writeImages = ({ images = [] }: Dispatch): ShaderPart[] =>
  images.map(({ scratch, size }) => writeImage(`_scratch${scratch}`, { scratch }, size));

/** The function that reads an argument: from a texture, or including the work fused before the kernel. */
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

/** A read-only buffer. */
const readOnly = (name: string, element: string, binding: Binding): Variable => ({
  name,
  space: "storage, read",
  type: `array<${element}>`,
  binding,
});

/** The buffers that the emitted text reads. */
export const readVariables = ({ reads }: Emitter): Variable[] =>
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

/** The function that reads the parameters of a dispatch, in a uniform buffer of vectors of four. */
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
