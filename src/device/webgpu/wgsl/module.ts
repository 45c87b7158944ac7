/**
 * The parts of a WGSL module: declarations and an entry point, which refer to each other by symbols.
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

/** A builtin value, and its name in the entry point's body. */
export type Builtin = readonly [builtin: BuiltinName, name: string];

/** A function, or an array in workgroup memory. */
export type Declaration =
  | {
    readonly kind: "function";
    readonly name: string;
    /** Parameters and result type, `(i: u32) -> f32`. */
    readonly signature: string;
    /** The text between its braces. */
    readonly body: string;
  }
  | { readonly kind: "workgroup"; readonly name: string; readonly type: string };

/** The entry point of a shader. */
export interface EntryPoint {
  /** Threads per workgroup, in one dimension. */
  readonly workgroupSize: number;
  readonly builtins: readonly Builtin[];
  /** Its statements. */
  readonly body: string;
}

/** The parts of a module after its bindings. */
export interface ModuleParts {
  readonly declarations: readonly Declaration[];
  readonly entry: EntryPoint;
}

/** A declaration of a function, from the lines of its body. */
export const fn = (name: string, signature: string, lines: string): Declaration => ({
  kind: "function",
  name,
  signature,
  body: `\n${lines}\n`,
});

/** A declaration of a function that returns an expression. */
export const expressionFn = (name: string, signature: string, value: string): Declaration => ({
  kind: "function",
  name,
  signature,
  body: ` return ${value}; `,
});

/** A declaration of an array in workgroup memory. */
export const workgroupArray = (name: string, element: string, length: number): Declaration => ({
  kind: "workgroup",
  name,
  type: `array<${element}, ${length}>`,
});

/** A declaration whose symbols are resolved. */
export const resolveDeclaration = (
  d: Declaration,
  nameOf: (symbol: string) => string,
): Declaration => ({
  ...d,
  name: nameOf(d.name),
  ...(d.kind === "function" && { body: resolveSymbols(d.body, nameOf) }),
});

/** The parameters of a function that takes an entry point's builtin values. */
export const entryParameters = ({ builtins }: EntryPoint): string =>
  builtins.map(([builtin, name]) => `${name}: ${BUILTINS[builtin]}`).join(", ");

/** The text of a declaration. */
export const showDeclaration = (d: Declaration): string =>
  d.kind === "workgroup"
    ? `var<workgroup> ${symbol(d.name)}: ${d.type};`
    : `fn ${symbol(d.name)}${d.signature} {${d.body}}`;

/** The text of an entry point. */
function showEntry({ workgroupSize, builtins, body }: EntryPoint): string {
  const parameters = builtins.map(([builtin, name]) =>
    `@builtin(${builtin}) ${name}: ${BUILTINS[builtin]}`
  );
  return `@compute @workgroup_size(${workgroupSize})\nfn main(${
    parameters.join(", ")
  }) {\n${body}\n}`;
}

/** The texts of a module's parts, which refer to each other by symbols. */
export const showParts = ({ declarations, entry }: ModuleParts): string[] => [
  ...declarations.map(showDeclaration),
  showEntry(entry),
];

/** The text of a complete module. */
export const showModule = (parts: ModuleParts): string => ownNames(showParts(parts).join("\n"));
