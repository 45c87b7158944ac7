/**
 * From a step of a plan to shaders: accessors, bindings, and the body that a kernel wrote.
 *
 * @module
 */
import type { KernelUse, Step } from "../../../plan/plan.ts";
import { sizeOf } from "../../../shape.ts";
import { Emitter } from "./emitter.ts";
import {
  type Dispatch,
  finish,
  type ImageSize,
  type KernelContext,
  type Lowered,
  perElement,
  type Scratch,
  suffix as suffixOf,
  wholeRow,
} from "../kernels/kernel.ts";
import type { ChosenTile } from "../kernels/gemm/tile.ts";
import { helpersOf } from "../wgsl/helpers.ts";
import { QUOTIENT, typeOf } from "../wgsl/instructions.ts";
import { type Stored, storedOf, storesIn, wideEnough } from "./store.ts";
import { turn } from "./transposed.ts";
import { type Known, known } from "../../../tuple.ts";
import { asArg, asArgs } from "../../../spec.ts";

/** What a binding of a shader is bound to. */
export type Binding =
  | { readonly slot: number; readonly access: "read" | "write" }
  | { readonly scratch: number; readonly access: "read" | "write" }
  | { readonly slot: number; readonly access: "image"; readonly size: ImageSize }
  | { readonly scratch: number; readonly access: "image"; readonly size: ImageSize }
  | { readonly parameters: readonly number[]; readonly access: "uniform" };

/** A variable of a shader that stands for something bound. */
export interface Variable {
  readonly name: string;
  /** Its address space in brackets, or nothing for a texture. */
  readonly space: string;
  readonly type: string;
  readonly binding: Binding;
}

/** A shader ready to compile, and what to bind and dispatch. */
export interface Program {
  readonly label: string;
  readonly variables: readonly Variable[];
  /** WGSL without the variables. */
  readonly text: string;
  readonly workgroups: readonly [number, number, number];
}

/** The WGSL of a program. */
export const codeOf = ({ variables, text }: Program): string =>
  [
    ...variables.map(({ name, space, type }, i) =>
      `@group(0) @binding(${i}) var${space} ${name}: ${type};`
    ),
    text,
  ].join("\n");

/** The programs of a step, and the scratch that they share. */
export interface StepPrograms {
  readonly programs: readonly Program[];
  readonly scratch: readonly Scratch[];
}

/** What the choice of kernels depends on. */
export interface AdapterTraits {
  /** Whether the adapter is a CPU. */
  readonly software: boolean;
  /** Whether texels outside a texture were found to read as zeros. */
  readonly zerosOutside: boolean;
  /** The most workgroups of shaders that run as one; 0 where each runs alone. */
  readonly merged: number;
  readonly chosenTile: ChosenTile;
  /** The most memory that a workgroup may share. */
  readonly workgroupBytes: number;
  /** The most threads that a workgroup may have along one dimension. */
  readonly workgroupThreads: number;
  /** The most texels of a texture along a side, and layers. */
  readonly textures: { readonly texels: number; readonly layers: number };
}

/** Writes out the kernel of a name. */
export type LowerByName = (name: string, context: KernelContext) => Lowered;

/**
 * The programs of a step. `lower` writes the kernel that the step has, if any.
 *
 * @param moves Whether steps that begin elsewhere in their slots or have other constants, but are the same
 * otherwise, should have the same text.
 */
export function programsOf(
  step: Step,
  lower: LowerByName,
  { software, zerosOutside, chosenTile, workgroupBytes, workgroupThreads, textures }: AdapterTraits,
  moves = false,
): StepPrograms {
  const { kernel } = step, stored = storedOf(step);
  if (!kernel) {
    return { programs: [program(step, elementwise(step, stored), [], stored, moves)], scratch: [] };
  }
  const context: KernelContext = {
    args: asArgs(kernel.args.map((a) => a.spec)),
    spec: asArg(kernel.spec),
    attrs: kernel.attrs,
    wide: known(kernel.args.map((a) => wideEnough(a.expr))),
    plain: known(kernel.args.map((a) => a.expr.kind === "load")),
    turned: known(kernel.args.map((a) => {
      const turned = turn(a.expr, a.spec.shape);
      return turned && wideEnough(turned);
    })),
    wideStore: stored.width === 4,
    plainStore: step.store.kind === "result" && !step.also && !kernel.pieces,
    ...(kernel.pieces && { pieces: kernel.pieces }),
    fewPipelines: software,
    image: (shape) => software ? imageSize(known(shape), textures) : undefined,
    zerosOutside,
    chosenTile,
    workgroupBytes,
    workgroupThreads,
  };
  const { dispatches, scratch = [] } = lowered(kernel, context, lower);
  return { programs: dispatches.map((d) => program(step, d, scratch, stored, moves)), scratch };
}

/** A kernel written out; one that cannot store pieces leaves its result in scratch, where they are taken from. */
function lowered({ op, spec }: KernelUse, context: KernelContext, lower: LowerByName): Lowered {
  const { pieces, wideStore } = context, own = lower(op.name, context);
  if (!pieces || own.inPieces) return own;
  const { pieces: _, ...whole } = context, size = sizeOf(spec.shape);
  const { dispatches, scratch = [] } = lower(op.name, {
    ...whole,
    plainStore: true,
    wideStore: size % 4 === 0,
  });
  const place = scratch.length;
  return {
    scratch: [...scratch, { size, dtype: spec.dtype }],
    dispatches: [
      ...dispatches.map((d) => ({ ...d, writes: { scratch: place, ...d.writes } })),
      finish(size, wideStore, place, pieces),
    ],
  };
}

function imageSize(
  [batch, height, width, channels]: Known<number>,
  { texels, layers }: AdapterTraits["textures"],
): ImageSize | undefined {
  const columns = width * channels / 4;
  const fits = channels % 4 === 0 && columns <= texels && height <= texels && batch <= layers &&
    wholeRow(columns) === columns;
  return fits ? [columns, height, batch] : undefined;
}

function elementwise(step: Step, { pieces, width }: Stored): Dispatch {
  const threads = sizeOf(step.spec.shape) / width / (pieces?.pieces.length ?? 1);
  return {
    ...perElement(threads, `  store${suffixOf(width)}(i, ${typeOf("f32", width)}());`),
    loads: [],
    writes: { width },
  };
}

function program(
  step: Step,
  dispatch: Dispatch,
  buffers: readonly Scratch[],
  { pieces }: Stored,
  moves: boolean,
): Program {
  const { kernel } = step, functions: string[] = [];
  // Shaders that serve many sizes stay the same whatever they end with.
  const parameters = dispatch.parameters ? [...dispatch.parameters] : moves ? [] : undefined;
  const emitter = new Emitter(parameters, dispatch.parameters !== undefined);
  const variables: Variable[] = [];
  const readImage = (
    name: string,
    from: { readonly slot: number } | { readonly scratch: number },
    size: ImageSize,
  ) => {
    variables.push({
      name: `texture${name}`,
      space: "",
      type: "texture_storage_2d_array<rgba32float, read>",
      binding: { ...from, access: "image", size },
    });
    functions.push(
      `fn image${name}(x: i32, y: i32, layer: u32) -> vec4<f32> { return textureLoad(texture${name}, vec2<i32>(x, y), layer); }`,
    );
  };
  for (const { scratch, size } of dispatch.images ?? []) {
    readImage(`_scratch${scratch}`, { scratch }, size);
  }
  for (const { argument, width, image, turned } of dispatch.loads) {
    const { expr: own, spec } = kernel!.args[argument]!;
    const expr = turned ? turn(own, spec.shape)! : own;
    if (image) {
      if (expr.kind !== "load") {
        throw new TypeError("webgpu: expected an argument in memory to copy");
      }
      readImage(`${argument}`, { slot: expr.slot }, image);
      continue;
    }
    const { lines, value } = emitter.body(expr, "i", width);
    functions.push(
      `fn load${argument}${suffixOf(width)}(i: u32) -> ${
        typeOf(expr.dtype, width)
      } {\n${lines}\n  return ${value};\n}`,
    );
  }
  const { targets, functions: storing } = storesIn(step, dispatch.writes, buffers, pieces, emitter);
  functions.push(...storing);
  const declare = (binding: Binding, space: string, name: string, type: string) =>
    variables.push({ name, space: `<${space}>`, type, binding });
  for (const { name, slot, dtype, width } of emitter.reads.values()) {
    declare({ slot, access: "read" }, "storage, read", name, `array<${typeOf(dtype, width)}>`);
  }
  for (const { scratch, width } of dispatch.scratchReads ?? []) {
    const type = `array<${typeOf(buffers[scratch]!.dtype ?? "f32", width)}>`;
    declare({ scratch, access: "read" }, "storage, read", `read_scratch${scratch}`, type);
  }
  for (const { name, dtype, binding } of targets) {
    const type = `array<${typeOf(dtype, dispatch.writes.width)}>`;
    declare(binding, "storage, read_write", name, type);
  }
  if (parameters && parameters.length > 0) {
    const words = Array.from(
      { length: Math.ceil(parameters.length / 4) * 4 },
      (_, i) => parameters[i] ?? 0,
    );
    declare(
      { parameters: words, access: "uniform" },
      "uniform",
      "parameter_words",
      `array<vec4<u32>, ${words.length / 4}>`,
    );
    functions.push(
      "fn parameter(k: u32) -> u32 { return parameter_words[k / 4u][k % 4u]; }",
    );
  }
  const text = [...functions, dispatch.body].join("\n");
  const helpers = [...(text.includes("quotient(") ? [QUOTIENT] : []), helpersOf(text)];
  return {
    label: step.label,
    variables,
    text: [...helpers, text].join("\n"),
    workgroups: dispatch.workgroups,
  };
}
