/**
 * Several shaders as one: each workgroup runs one of them, by its number. On a GPU, where a dispatch of a
 * few hundred threads costs as much as one of a hundred thousand, small ones that do not need each other
 * run side by side like this.
 *
 * @module
 */
import type { Program, Variable } from "./program.ts";

/** A program, with a number for what each of its variables is bound to. */
export interface Unit extends Program {
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

const ENTRY = /@compute @workgroup_size\((\d+)\)\s*fn main\(([^]*?)\) \{/;
const BUILTIN = /@builtin\((\w+)\)\s+(\w+)\s*:\s*([\w<>]+)/g;
const DECLARED = /^(?:fn|const)\s+(\w+)/gm;
const SHARED = /^var<workgroup> (\w+): (.+);\n/gm;

/** What an entry point is told, from the number `at` of the workgroup among those of its shader. */
const ARGUMENTS: Readonly<Record<string, (size: number) => string>> = {
  global_invocation_id: (size) => `vec3<u32>(at * ${size}u + thread, 0u, 0u)`,
  local_invocation_id: () => "vec3<u32>(thread, 0u, 0u)",
  local_invocation_index: () => "thread",
  workgroup_id: () => "vec3<u32>(at, 0u, 0u)",
};

/** Programs of one kind may be merged; undefined for one that may not. */
export function kindOf({ text, variables, workgroups: [count, ...rest] }: Program, most: number) {
  const [, size, told = ""] = ENTRY.exec(text) ?? [];
  const simple = size && rest.every((n) => n === 1) && count <= most && text.length <= MAX_TEXT &&
    variables.every(({ binding: { access } }) => access === "read" || access === "write") &&
    [...told.matchAll(BUILTIN)].every(([, name]) => name! in ARGUMENTS);
  return simple ? size : undefined;
}

const keyOf = ({ space, type }: Variable, value: number) => `${value} ${space} ${type}`;

const KEYS = new WeakMap<Unit, readonly string[]>();

/** What a unit binds, as texts; found out once, since it is asked for with many others. */
function keysOf(unit: Unit): readonly string[] {
  let keys = KEYS.get(unit);
  if (!keys) KEYS.set(unit, keys = unit.variables.map((v, i) => keyOf(v, unit.values[i]!)));
  return keys;
}

/** Whether some programs of one kind stay within limits together. */
export function fitTogether(units: readonly Unit[], { workgroups, buffers }: MergeLimits): boolean {
  const bound = new Set<string>();
  let count = 0;
  for (const unit of units) {
    count += unit.workgroups[0];
    for (const key of keysOf(unit)) bound.add(key);
    if (count > workgroups || bound.size > buffers) return false;
  }
  return true;
}

/** One program that does what several do, of one kind and within limits. */
export function merge(units: readonly Unit[]): Unit {
  if (units.length === 1) return units[0]!;
  const bound = new Map<string, { readonly variable: Variable; readonly value: number }>();
  const shared = new Map<string, string>(), texts: string[] = [], calls: string[] = [];
  let first = 0, size = 0;
  units.forEach(({ text, variables, values, workgroups: [count] }, k) => {
    const names = new Map<string, string>();
    variables.forEach((variable, i) => {
      const key = keyOf(variable, values[i]!);
      const found = bound.get(key) ??
        { variable: { ...variable, name: `bound${bound.size}` }, value: values[i]! };
      bound.set(key, found);
      names.set(variable.name, found.variable.name);
    });
    // A workgroup runs one shader only, so memory of one type serves all.
    let own = 0;
    const rest = text.replace(SHARED, (_, name: string, type: string) => {
      const key = `${own++} ${type}`;
      if (!shared.has(key)) shared.set(key, `shared${shared.size}`);
      names.set(name, shared.get(key)!);
      return "";
    });
    const called: string[] = [];
    const plain = rest.replace(ENTRY, (_, threads: string, told: string) => {
      size = Number(threads);
      const parameters = [...told.matchAll(BUILTIN)].map(([, builtin, name, type]) => {
        called.push(ARGUMENTS[builtin!]!(size));
        return `${name}: ${type}`;
      });
      return `fn main(${parameters.join(", ")}) {`;
    });
    for (const [, name] of plain.matchAll(DECLARED)) names.set(name!, `${name}_${k}`);
    texts.push(plain.replace(/\b[A-Za-z_]\w*\b/g, (word) => names.get(word) ?? word));
    calls.push(
      `if (group.x < ${first + count}u) {\n    let at = group.x - ${first}u;\n    main_${k}(${
        called.join(", ")
      });\n  }`,
    );
    first += count;
  });
  const arrays = [...shared].map(([key, name]) =>
    `var<workgroup> ${name}: ${key.slice(key.indexOf(" ") + 1)};`
  );
  const main = `@compute @workgroup_size(${size})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  ${calls.join(" else ")}
}`;
  return {
    label: units.map(({ label }) => label).join(" | "),
    variables: [...bound.values()].map(({ variable }) => variable),
    values: [...bound.values()].map(({ value }) => value),
    text: [...arrays, ...texts, main].join("\n"),
    workgroups: [first, 1, 1],
  };
}
