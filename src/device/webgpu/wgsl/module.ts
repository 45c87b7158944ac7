/**
 * Modules of WGSL in parts: declarations and an entry point, whose texts refer to each other by symbols.
 *
 * @module
 */
import { ownNames, resolveSymbols, symbol } from "./symbols.ts";

/** The builtin values that an entry point may take, by their types. */
const BUILTINS = {
  global_invocation_id: "vec3<u32>",
  local_invocation_id: "vec3<u32>",
  local_invocation_index: "u32",
  num_workgroups: "vec3<u32>",
  workgroup_id: "vec3<u32>",
} as const;

/** The name of a builtin value. */
export type BuiltinName = keyof typeof BUILTINS;

/** A builtin value, and the name that the entry point's body has for it. */
export type Builtin = readonly [builtin: BuiltinName, name: string];

/** A function, or an array in workgroup memory. */
export type Declaration =
  | {
    readonly kind: "function";
    readonly name: string;
    /** Parameters and result type, `(i: u32) -> f32`. */
    readonly signature: string;
    /** What stands between its braces. */
    readonly body: string;
  }
  | { readonly kind: "workgroup"; readonly name: string; readonly type: string };

/** Where a shader begins. */
export interface EntryPoint {
  /** Threads of a workgroup, in one dimension. */
  readonly workgroupSize: number;
  readonly builtins: readonly Builtin[];
  /** Its statements. */
  readonly body: string;
}

/** The parts of a module that stand below its bindings. */
export interface ModuleParts {
  readonly declarations: readonly Declaration[];
  readonly entry: EntryPoint;
}

/** A function of lines of statements as a declaration. */
export const fn = (name: string, signature: string, lines: string): Declaration => ({
  kind: "function",
  name,
  signature,
  body: `\n${lines}\n`,
});

/** A function that gives the value of an expression. */
export const expressionFn = (name: string, signature: string, value: string): Declaration => ({
  kind: "function",
  name,
  signature,
  body: ` return ${value}; `,
});

/** An array in workgroup memory as a declaration. */
export const workgroupArray = (name: string, element: string, length: number): Declaration => ({
  kind: "workgroup",
  name,
  type: `array<${element}, ${length}>`,
});

/** A declaration whose symbols are settled. */
export const resolveDeclaration = (
  d: Declaration,
  nameOf: (symbol: string) => string,
): Declaration => ({
  ...d,
  name: nameOf(d.name),
  ...(d.kind === "function" && { body: resolveSymbols(d.body, nameOf) }),
});

/** The parameters of a function that is given what an entry point takes. */
export const entryParameters = ({ builtins }: EntryPoint): string =>
  builtins.map(([builtin, name]) => `${name}: ${BUILTINS[builtin]}`).join(", ");

/** A declaration as text. */
export const showDeclaration = (d: Declaration): string =>
  d.kind === "workgroup"
    ? `var<workgroup> ${symbol(d.name)}: ${d.type};`
    : `fn ${symbol(d.name)}${d.signature} {${d.body}}`;

/** An entry point as text. */
function showEntry({ workgroupSize, builtins, body }: EntryPoint): string {
  const parameters = builtins.map(([builtin, name]) =>
    `@builtin(${builtin}) ${name}: ${BUILTINS[builtin]}`
  );
  return `@compute @workgroup_size(${workgroupSize})\nfn main(${
    parameters.join(", ")
  }) {\n${body}\n}`;
}

/** The parts of a module as texts, which refer to each other by symbols. */
export const showParts = ({ declarations, entry }: ModuleParts): string[] => [
  ...declarations.map(showDeclaration),
  showEntry(entry),
];

/** A module that stands alone as text. */
export const showModule = (parts: ModuleParts): string => ownNames(showParts(parts).join("\n"));
