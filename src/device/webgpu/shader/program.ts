/**
 * Programs: shaders with the values that they are bound to.
 *
 * @module
 */
import type { ImageSize } from "../kernels/texture.ts";
import { type Declaration, type ModuleParts, showParts } from "../wgsl/module.ts";
import { ownNames } from "../wgsl/symbols.ts";

/** The value that a binding is bound to. */
export type Binding =
  | { readonly slot: number; readonly access: "read" | "write" }
  | { readonly scratch: number; readonly access: "read" | "write" }
  | { readonly slot: number; readonly access: "image"; readonly size: ImageSize }
  | { readonly scratch: number; readonly access: "image"; readonly size: ImageSize }
  | { readonly parameters: readonly number[]; readonly access: "uniform" };

/** A bound variable of a shader. */
export interface Variable {
  readonly name: string;
  /** Its address space and access mode; absent for a texture. */
  readonly space?: "storage, read" | "storage, read_write" | "uniform";
  readonly type: string;
  readonly binding: Binding;
}

/** A part of a shader: variables, and the accessor functions that read or write them. */
export interface ShaderPart {
  readonly variables: readonly Variable[];
  readonly declarations: readonly Declaration[];
}

/** A shader ready to compile, with its bindings and workgroups. */
export interface Program extends ModuleParts {
  readonly label: string;
  readonly variables: readonly Variable[];
  readonly workgroups: readonly [number, number, number];
}

const showVariable = ({ name, space, type }: Variable, i: number): string =>
  `@group(0) @binding(${i}) var${space ? `<${space}>` : ""} ${name}: ${type};`;

/** The WGSL of a program. */
export const programText = (program: Program): string =>
  ownNames([...program.variables.map(showVariable), ...showParts(program)].join("\n"));
