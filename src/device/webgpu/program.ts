/**
 * From a step of a plan to shaders: accessors, bindings, and the body that a kernel wrote.
 *
 * @module
 */
import { type Pieces, piecesOf } from "../../plan/pieces.ts";
import { type Expr, type Step, storesOf } from "../../plan/plan.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import { canWiden, Emitter } from "./emit.ts";
import {
  type Dispatch,
  type ImageSize,
  type KernelContext,
  perElement,
  type Scratch,
  suffix as suffixOf,
  wholeRow,
} from "./kernel.ts";
import type { ChosenTile } from "./kernels/gemm/tile.ts";
import { typeOf, type Width } from "./lowering.ts";
import { turn } from "./turn.ts";

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

const wideEnough = (expr: Expr) => expr.size % 4 === 0 && canWiden(expr);

/** The programs of a step. `lower` writes the kernel that the step has, if any. */
export function programsOf(
  step: Step,
  lower: (name: string, context: KernelContext) => {
    readonly dispatches: readonly Dispatch[];
    readonly scratch?: readonly Scratch[];
  },
  { software, zerosOutside, chosenTile, workgroupBytes, workgroupThreads, textures }: AdapterTraits,
): StepPrograms {
  const { kernel } = step, wideStore = storesOf(step).every(({ store }) => wideEnough(store));
  if (!kernel) {
    const stored = storedOf(step, wideStore);
    return { programs: [program(step, elementwise(step, stored), [], stored)], scratch: [] };
  }
  const { dispatches, scratch = [] } = lower(kernel.op.name, {
    args: kernel.args.map((a) => a.spec),
    spec: kernel.spec,
    attrs: kernel.attrs,
    wide: kernel.args.map((a) => wideEnough(a.expr)),
    plain: kernel.args.map((a) => a.expr.kind === "load"),
    turned: kernel.args.map((a) => {
      const turned = turn(a.expr, a.spec.shape);
      return turned && wideEnough(turned);
    }),
    wideStore,
    plainStore: step.store.kind === "result",
    fewPipelines: software,
    image: (shape) => software ? imageSize(shape, textures) : undefined,
    zerosOutside,
    chosenTile,
    workgroupBytes,
    workgroupThreads,
  });
  return { programs: dispatches.map((d) => program(step, d, scratch)), scratch };
}

function imageSize(
  [batch, height, width, channels]: Shape,
  { texels, layers }: AdapterTraits["textures"],
): ImageSize | undefined {
  const columns = width * channels / 4;
  const fits = channels % 4 === 0 && columns <= texels && height <= texels && batch <= layers &&
    wholeRow(columns) === columns;
  return fits ? [columns, height, batch] : undefined;
}

/** What a thread of an elementwise step stores: one element, or group of four, of each piece. */
interface Stored {
  readonly pieces?: Pieces;
  readonly width: Width;
}

function storedOf(step: Step, wideStore: boolean): Stored {
  const pieces = step.also ? undefined : piecesOf(step.store);
  if (!pieces) return { width: wideStore ? 4 : 1 };
  const wide = pieces.inner % 4 === 0 && pieces.pieces.every(wideEnough);
  return { pieces, width: wide ? 4 : 1 };
}

function elementwise(step: Step, { pieces, width }: Stored): Dispatch {
  const threads = sizeOf(step.spec.shape) / width / (pieces?.pieces.length ?? 1);
  return {
    ...perElement(threads, `  store${suffixOf(width)}(i, ${typeOf("f32", width)}());`),
    loads: [],
    writes: { width },
  };
}

/** Where the element, or group of four, of a piece is stored that the thread `i` computes. */
function placeOf({ pieces, inner }: Pieces, width: Width, k: number): string {
  const step = inner / width;
  return `i + i / ${step}u * ${(pieces.length - 1) * step}u + ${k * step}u`;
}

function program(
  step: Step,
  dispatch: Dispatch,
  buffers: readonly Scratch[],
  { pieces }: Partial<Stored> = {},
): Program {
  const emitter = new Emitter(), { kernel } = step, functions: string[] = [];
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
    const { expr: own, spec } = kernel!.args[argument];
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
  const { scratch, width, accumulates } = dispatch.writes, suffix = suffixOf(width);
  const result = scratch === undefined ? kernel?.spec.dtype : buffers[scratch].dtype;
  const resultType = typeOf(result ?? "f32", width);
  const targets = scratch === undefined
    ? storesOf(step).map(({ slot, store: { dtype } }, k) => {
      const binding: Binding = { slot, access: "write" };
      return { name: `target_buffer${k || ""}`, dtype, binding };
    })
    : [{
      name: "target_buffer",
      dtype: buffers[scratch].dtype ?? "f32",
      binding: { scratch, access: "write" } as const,
    }];
  if (scratch === undefined) {
    const all = pieces?.pieces ?? storesOf(step).map(({ store }) => store);
    const { lines, values } = emitter.bodies(all, "i", width, "result");
    const places = pieces
      ? all.map((_, k) => `${targets[0].name}[${placeOf(pieces, width, k)}]`)
      : targets.map(({ name }) => `${name}[i]`);
    const stores = places.map((place, k) => `  ${place} = ${values[k]};`).join("\n");
    functions.push(`fn store${suffix}(i: u32, result: ${resultType}) {\n${lines}\n${stores}\n}`);
  } else {
    functions.push(
      `fn store${suffix}(i: u32, result: ${resultType}) { target_buffer[i] = result; }`,
    );
  }
  if (accumulates) {
    functions.push(`fn stored(i: u32) -> ${resultType} { return target_buffer[i]; }`);
  }
  const declare = (binding: Binding, space: string, name: string, type: string) =>
    variables.push({ name, space: `<${space}>`, type, binding });
  for (const { name, slot, dtype, width } of emitter.reads.values()) {
    declare({ slot, access: "read" }, "storage, read", name, `array<${typeOf(dtype, width)}>`);
  }
  for (const { scratch, width } of dispatch.scratchReads ?? []) {
    const type = `array<${typeOf(buffers[scratch].dtype ?? "f32", width)}>`;
    declare({ scratch, access: "read" }, "storage, read", `read_scratch${scratch}`, type);
  }
  for (const { name, dtype, binding } of targets) {
    declare(binding, "storage, read_write", name, `array<${typeOf(dtype, width)}>`);
  }
  const { parameters } = dispatch;
  if (parameters) {
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
  return {
    label: step.label,
    variables,
    text: [emitter.helpers, ...functions, dispatch.body].join("\n"),
    workgroups: dispatch.workgroups,
  };
}
