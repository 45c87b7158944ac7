/**
 * Dispatches with all that does not change from call to call: pipelines, bindings, copies into textures.
 *
 * @module
 */
import type { ImageSize } from "../kernels/texture.ts";
import type { BoundProgram } from "../shader/merge.ts";
import { programText } from "../shader/program.ts";
import type { Pipeline, PipelineCache } from "./pipeline_cache.ts";
import { type BufferRef, isSameBuffer, type PlanMemory } from "./plan_memory.ts";

/** What stands at a binding. */
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
  /** Slots whose buffers differ between calls. */
  readonly slots: readonly number[];
  readonly copies: readonly TextureCopy[];
}

/** Binds the programs of a plan, in order, to its memory. */
export function bindDispatches(
  programs: readonly BoundProgram[],
  memory: PlanMemory,
  pipelines: PipelineCache,
): readonly BoundDispatch[] {
  const uniforms = memory.packUniforms(programs.flatMap(parameterLists)).values();
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

/** The parameters of a program, a list for each of its uniform bindings. */
const parameterLists = ({ variables }: BoundProgram): (readonly number[])[] =>
  variables.flatMap(({ binding }) => "parameters" in binding ? [binding.parameters] : []);

/** What the variables of a program stand for; uniforms are bound in order, as they were packed. */
function bindVariables(
  { variables, values }: BoundProgram,
  memory: PlanMemory,
  uniforms: Iterator<GPUBufferBinding>,
): BoundResource[] {
  return variables.map(({ binding }, i) => {
    if ("parameters" in binding) return { uniform: uniforms.next().value! };
    if (binding.access !== "image") return memory.locate(values[i]!);
    return { view: memory.image(binding.size).createView({ dimension: "2d-array" }) };
  });
}

/** The copies that fill the textures of a program, but for what they hold already. */
function copiesInto(
  { variables, values }: BoundProgram,
  memory: PlanMemory,
  textures: TextureContents,
): TextureCopy[] {
  return variables.flatMap(({ binding }, i) => {
    if (binding.access !== "image") return [];
    const texture = memory.image(binding.size), from = memory.locate(values[i]!);
    return textures.fill(texture, from) ? [{ from, texture, size: binding.size }] : [];
  });
}

/** The buffers that a program writes. */
const locateWrites = ({ variables, values }: BoundProgram, memory: PlanMemory): BufferRef[] =>
  variables.flatMap(({ binding: { access } }, i) =>
    access === "write" ? [memory.locate(values[i]!)] : []
  );

/** Which buffer the content of each texture was copied from, while it still lies there. */
class TextureContents {
  readonly #copied = new Map<GPUTexture, BufferRef>();

  /** Notes that a texture is filled from a buffer; whether that needs a copy. */
  fill(texture: GPUTexture, from: BufferRef): boolean {
    const last = this.#copied.get(texture);
    if (last && isSameBuffer(last, from)) return false;
    this.#copied.set(texture, from);
    return true;
  }

  /** Notes that a buffer is written, so that copies of it are out of date. */
  overwrite(buffer: BufferRef) {
    for (const [texture, from] of this.#copied) {
      if (isSameBuffer(from, buffer)) this.#copied.delete(texture);
    }
  }
}
