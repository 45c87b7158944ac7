/**
 * Merges small independent shaders (horizontal fusion): each workgroup of the merged shader runs one of
 * them, by its id. On a GPU a dispatch of a few hundred threads costs as much as one of a hundred thousand.
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

/** A program, with the index of the value that each of its variables is bound to. */
export interface BoundProgram extends Program {
  readonly values: readonly number[];
}

/** The limits of a merged shader. */
export interface MergeLimits {
  /** Workgroups. */
  readonly workgroups: number;
  /** Storage buffers. */
  readonly buffers: number;
}

/** The longest text to merge; longer shaders are kernels that saturate a device and need its registers. */
const MAX_TEXT = 6000;

/** Builtin values, computed from the workgroup's index `at` within its original shader. */
const ARGUMENTS: Readonly<Partial<Record<BuiltinName, (size: number) => string>>> = {
  global_invocation_id: (size) => `vec3<u32>(at * ${size}u + thread, 0u, 0u)`,
  local_invocation_id: () => "vec3<u32>(thread, 0u, 0u)",
  local_invocation_index: () => "thread",
  workgroup_id: () => "vec3<u32>(at, 0u, 0u)",
};

/** The kind of a program: programs of one kind may be merged. Undefined for one that may not. */
export function mergeKind(program: Program, most: number): string | undefined {
  const { entry, variables, workgroups: [count, ...rest] } = program;
  const isSimple = rest.every((n) => n === 1) && count <= most &&
    variables.every(({ binding: { access } }) => access === "read" || access === "write") &&
    entry.builtins.every(([builtin]) => builtin in ARGUMENTS) &&
    isShort(program);
  return isSimple ? `${entry.workgroupSize}` : undefined;
}

/** Whether a program's text, without its variables, is short enough to be merged. */
function isShort(program: Program): boolean {
  // Symbol marks are at most two thirds of a text.
  return program.entry.body.length <= 3 * MAX_TEXT && showModule(program).length <= MAX_TEXT;
}

const bindingKey = ({ space, type }: Variable, value: number) => `${value} ${space} ${type}`;

const KEYS = new WeakMap<BoundProgram, readonly string[]>();

/** The binding keys of a program, cached, as each program is compared with many others. */
function bindingKeys(program: BoundProgram): readonly string[] {
  let keys = KEYS.get(program);
  if (!keys) {
    KEYS.set(
      program,
      keys = program.variables.map((v, i) => bindingKey(v, program.values[i]!)),
    );
  }
  return keys;
}

/** Whether programs of one kind are within the limits when merged. */
export function fitsTogether(
  programs: readonly BoundProgram[],
  { workgroups, buffers }: MergeLimits,
): boolean {
  const bound = new Set<string>();
  let count = 0;
  for (const program of programs) {
    count += program.workgroups[0];
    for (const key of bindingKeys(program)) bound.add(key);
    if (count > workgroups || bound.size > buffers) return false;
  }
  return true;
}

/** The bindings of a merged shader, without duplicates. */
class SharedBindings {
  readonly #bound = new Map<string, { readonly variable: Variable; readonly value: number }>();

  /** The merged name of a program's variable. */
  nameOf(variable: Variable, value: number): string {
    const key = bindingKey(variable, value);
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

/**
 * The workgroup memory of a merged shader: a workgroup runs one of the shaders, so they share arrays of
 * equal type.
 */
class SharedArrays {
  readonly #arrays = new Map<string, { readonly name: string; readonly type: string }>();

  /** The name of the array that is used as a shader's n-th array of a type. */
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

/** The names of a program's declarations in the merged module. */
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

/** The functions of a program in the merged module, including its entry point as a function. */
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

/** The branch that calls the entry point of a program, whose workgroups start at id `first`. */
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

/** Merges programs of one kind that are within the limits. */
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
