/**
 * Dispatches with everything that is the same in every call: pipelines, bindings, copies into textures.
 *
 * @module
 */
import type { ImageSize } from "../kernels/texture.ts";
import type { BoundProgram } from "../shader/merge.ts";
import { programText } from "../shader/program.ts";
import { imageBytes, imageKey } from "./buffer_pool.ts";
import type { Pipeline, PipelineCache } from "./pipeline_cache.ts";
import { type BufferRef, isSameBuffer, type PlanMemory } from "./plan_memory.ts";

/** The resource of a binding. */
export type BoundResource =
  | BufferRef
  | { readonly view: GPUTextureView }
  | { readonly uniform: GPUBufferBinding };

/** A texture to fill from a buffer before a dispatch. */
export interface TextureCopy {
  readonly from: BufferRef;
  readonly texture: GPUTexture;
  readonly size: ImageSize;
}

/** One dispatch. */
export interface BoundDispatch {
  readonly pipeline: Pipeline;
  readonly bindings: readonly BoundResource[];
  readonly workgroups: readonly [number, number, number];
  /** The slots whose buffers differ between calls. */
  readonly slots: readonly number[];
  readonly copies: readonly TextureCopy[];
}

/** Binds the programs of a plan, in order, to the plan's memory. */
export function bindDispatches(
  programs: readonly BoundProgram[],
  memory: PlanMemory,
  pipelines: PipelineCache,
): readonly BoundDispatch[] {
  const uniforms = memory.packUniforms(parameterLists(programs)).values();
  const textures = new TextureContents();
  return programs.map((program): BoundDispatch => {
    const bindings = bindVariables(program, memory, uniforms);
    const copies = copiesInto(program, memory, textures);
    for (const written of locateWrites(program, memory)) textures.overwrite(written);
    return {
      pipeline: pipelines.get(
        program.label,
        programText(program),
        program.variables.map(({ binding: { access } }) => access),
      ),
      bindings,
      workgroups: program.workgroups,
      slots: bindings.flatMap((b) => "slot" in b ? [b.slot] : []),
      copies,
    };
  });
}

/** The parameters of programs, one list per uniform binding. */
export const parameterLists = (programs: readonly BoundProgram[]): (readonly number[])[] =>
  programs.flatMap(({ variables }) =>
    variables.flatMap(({ binding }) => "parameters" in binding ? [binding.parameters] : [])
  );

/** The bytes of the textures that programs read, by their size and number. */
export const texturesBytes = (
  programs: readonly BoundProgram[],
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    programs.flatMap(({ variables }) =>
      variables.flatMap(({ binding }, i) =>
        binding.access === "image"
          ? [[imageKey(binding.size, imageNumber(variables, i)), imageBytes(binding.size)] as const]
          : []
      )
    ),
  );

/** The resources of a program's variables; uniforms are bound in the order in which they were packed. */
function bindVariables(
  { variables, values }: BoundProgram,
  memory: PlanMemory,
  uniforms: Iterator<GPUBufferBinding>,
): BoundResource[] {
  return variables.map(({ binding }, i) => {
    if ("parameters" in binding) return { uniform: uniforms.next().value! };
    if (binding.access !== "image") return memory.locate(values[i]!);
    const texture = memory.image(binding.size, imageNumber(variables, i));
    return { view: texture.createView({ dimension: "2d-array" }) };
  });
}

/** The number of a texture among those of its size that a program reads. */
function imageNumber(variables: BoundProgram["variables"], at: number): number {
  const sizeOf = (i: number) => {
    const { binding } = variables[i]!;
    return binding.access === "image" ? binding.size.join("×") : "";
  };
  return variables.slice(0, at).filter((_, i) => sizeOf(i) === sizeOf(at)).length;
}

/** The copies that fill the textures of a program, without those that are up to date. */
function copiesInto(
  { variables, values }: BoundProgram,
  memory: PlanMemory,
  textures: TextureContents,
): TextureCopy[] {
  return variables.flatMap(({ binding }, i) => {
    if (binding.access !== "image") return [];
    const texture = memory.image(binding.size, imageNumber(variables, i));
    const from = memory.locate(values[i]!);
    return textures.fill(texture, from) ? [{ from, texture, size: binding.size }] : [];
  });
}

/** Which buffers a program writes. */
const locateWrites = ({ variables, values }: BoundProgram, memory: PlanMemory): BufferRef[] =>
  variables.flatMap(({ binding: { access } }, i) =>
    access === "write" ? [memory.locate(values[i]!)] : []
  );

/** The buffer that each texture is an up-to-date copy of. */
class TextureContents {
  readonly #copied = new Map<GPUTexture, BufferRef>();

  /** Records that a texture is filled from a buffer; whether a copy is needed. */
  fill(texture: GPUTexture, from: BufferRef): boolean {
    const last = this.#copied.get(texture);
    if (last && isSameBuffer(last, from)) return false;
    this.#copied.set(texture, from);
    return true;
  }

  /** Records that a buffer is written, so that copies of it are out of date. */
  overwrite(buffer: BufferRef) {
    for (const [texture, from] of this.#copied) {
      if (isSameBuffer(from, buffer)) this.#copied.delete(texture);
    }
  }
}
