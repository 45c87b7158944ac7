/**
 * Several shaders as one: each workgroup runs one of them, by its number. On a GPU, where a dispatch of a
 * few hundred threads costs as much as one of a hundred thousand, small ones that do not need each other
 * run side by side like this.
 *
 * @module
 */
import {
  type BuiltinName,
  type Declaration,
  entryParameters,
  type EntryPoint,
  resolveDeclaration,
  showModule,
} from "../wgsl/module.ts";
import { resolveSymbols, symbol } from "../wgsl/symbols.ts";
import type { Program, Variable } from "./program.ts";

/** A program, with a number for what each of its variables is bound to. */
export interface BoundProgram extends Program {
  readonly values: readonly number[];
}

/** What several shaders together may have. */
export interface MergeLimits {
  /** Workgroups. */
  readonly workgroups: number;
  /** Storage buffers. */
  readonly buffers: number;
}

/** Longer shaders are kernels that fill a device alone, and need its registers. */
const MAX_TEXT = 6000;

/** Builtin values, from the number `at` of the workgroup among those of its shader. */
const ARGUMENTS: Readonly<Partial<Record<BuiltinName, (size: number) => string>>> = {
  global_invocation_id: (size) => `vec3<u32>(at * ${size}u + thread, 0u, 0u)`,
  local_invocation_id: () => "vec3<u32>(thread, 0u, 0u)",
  local_invocation_index: () => "thread",
  workgroup_id: () => "vec3<u32>(at, 0u, 0u)",
};

/** Programs of one kind may be merged; undefined for one that may not. */
export function mergeKind(program: Program, most: number): string | undefined {
  const { entry, variables, workgroups: [count, ...rest] } = program;
  const isSimple = rest.every((n) => n === 1) && count <= most &&
    variables.every(({ binding: { access } }) => access === "read" || access === "write") &&
    entry.builtins.every(([builtin]) => builtin in ARGUMENTS) &&
    isShort(program);
  return isSimple ? `${entry.workgroupSize}` : undefined;
}

/** Whether a program's text but for its variables is of the length of those that are merged. */
function isShort(program: Program): boolean {
  // No more than two thirds of a text are marks of symbols.
  return program.entry.body.length <= 3 * MAX_TEXT && showModule(program).length <= MAX_TEXT;
}

const keyOf = ({ space, type }: Variable, value: number) => `${value} ${space} ${type}`;

const KEYS = new WeakMap<BoundProgram, readonly string[]>();

/** What a program binds, as texts; found out once, since it is asked for with many others. */
function keysOf(program: BoundProgram): readonly string[] {
  let keys = KEYS.get(program);
  if (!keys) {
    KEYS.set(
      program,
      keys = program.variables.map((v, i) => keyOf(v, program.values[i]!)),
    );
  }
  return keys;
}

/** Whether some programs of one kind stay within limits together. */
export function fitsTogether(
  programs: readonly BoundProgram[],
  { workgroups, buffers }: MergeLimits,
): boolean {
  const bound = new Set<string>();
  let count = 0;
  for (const program of programs) {
    count += program.workgroups[0];
    for (const key of keysOf(program)) bound.add(key);
    if (count > workgroups || bound.size > buffers) return false;
  }
  return true;
}

/** What is bound by several shaders, each once. */
class SharedBindings {
  readonly #bound = new Map<string, { readonly variable: Variable; readonly value: number }>();

  /** The name under which a variable of a program is bound. */
  nameOf(variable: Variable, value: number): string {
    const key = keyOf(variable, value);
    const found = this.#bound.get(key) ??
      { variable: { ...variable, name: `bound${this.#bound.size}` }, value };
    this.#bound.set(key, found);
    return found.variable.name;
  }

  get variables(): Variable[] {
    return [...this.#bound.values()].map(({ variable }) => variable);
  }

  get values(): number[] {
    return [...this.#bound.values()].map(({ value }) => value);
  }
}

/** Workgroup memory of several shaders: a workgroup runs one of them only, so an array of one type serves all. */
class SharedArrays {
  readonly #arrays = new Map<string, { readonly name: string; readonly type: string }>();

  /** The name of what serves as the n-th array of a shader, of a type. */
  nameOf(n: number, type: string): string {
    const key = `${n} ${type}`;
    const found = this.#arrays.get(key) ?? { name: `shared${this.#arrays.size}`, type };
    this.#arrays.set(key, found);
    return found.name;
  }

  get declarations(): Declaration[] {
    return [...this.#arrays.values()].map((array) => ({ kind: "workgroup", ...array }));
  }
}

/** The names that the declarations of a program have in the merged module. */
function linkNames(
  { variables, values, declarations }: BoundProgram,
  k: number,
  bindings: SharedBindings,
  arrays: SharedArrays,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  variables.forEach((v, i) => names.set(v.name, bindings.nameOf(v, values[i]!)));
  let own = 0;
  for (const d of declarations) {
    names.set(d.name, d.kind === "workgroup" ? arrays.nameOf(own++, d.type) : `${d.name}_${k}`);
  }
  return names;
}

/** The functions of a program as they are in the merged module; its entry point is one of them. */
function linkFunctions(
  { declarations, entry }: BoundProgram,
  name: string,
  nameOf: (symbol: string) => string,
): Declaration[] {
  const functions = declarations.filter(({ kind }) => kind === "function");
  const main: Declaration = {
    kind: "function",
    name,
    signature: `(${entryParameters(entry)})`,
    body: `\n${resolveSymbols(entry.body, nameOf)}\n`,
  };
  return [...functions.map((d) => resolveDeclaration(d, nameOf)), main];
}

/** Calls the entry point of a program, whose workgroups begin with number `first`. */
function callEntry(
  { entry: { builtins, workgroupSize }, workgroups: [count] }: BoundProgram,
  name: string,
  first: number,
): string {
  const args = builtins.map(([builtin]) => ARGUMENTS[builtin]!(workgroupSize));
  return `if (group.x < ${first + count}u) {
    let at = group.x - ${first}u;
    ${name}(${args.join(", ")});
  }`;
}

/** One program that does what several do, of one kind and within limits. */
export function merge(programs: readonly BoundProgram[]): BoundProgram {
  if (programs.length === 1) return programs[0]!;
  const bindings = new SharedBindings(), arrays = new SharedArrays();
  const functions: Declaration[] = [], calls: string[] = [];
  let first = 0;
  programs.forEach((program, k) => {
    const names = linkNames(program, k, bindings, arrays), main = `main_${k}`;
    functions.push(...linkFunctions(program, main, (name) => names.get(name)!));
    calls.push(callEntry(program, symbol(main), first));
    first += program.workgroups[0];
  });
  const entry: EntryPoint = {
    workgroupSize: programs[0]!.entry.workgroupSize,
    builtins: [["workgroup_id", "group"], ["local_invocation_index", "thread"]],
    body: `  ${calls.join(" else ")}`,
  };
  return {
    label: programs.map(({ label }) => label).join(" | "),
    variables: bindings.variables,
    values: bindings.values,
    declarations: [...arrays.declarations, ...functions],
    entry,
    workgroups: [first, 1, 1],
  };
}
