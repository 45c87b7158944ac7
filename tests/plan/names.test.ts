/**
 * The planner knows no op by its name: what it asks about one stands on the op.
 */
import { assert, assertEquals } from "@std/assert";
import { topological } from "../../src/graph.ts";
import * as ops from "../../src/ops/mod.ts";
import { buildPlan } from "../../src/plan/build.ts";
import type { Access, Plan, Policy } from "../../src/plan/plan.ts";
import { type KernelOp, type Op, Tensor } from "../../src/tensor.ts";
import { type Graph, GRAPHS } from "./graphs.ts";

const OPS: readonly Op[] = [ops.SCALAR_OPS, ops.KERNEL_OPS, ops.VIEW_OPS].flatMap((all) =>
  Object.values<Op>(all)
);

/** A graph whose ops have other names and are otherwise the same; and which op each was. */
function renamed({ inputs, outputs }: Graph, rename: (op: Op) => string) {
  const twins = new Map<Op, Op>(), originals = new Map<Op, Op>();
  const twinOf = (op: Op): Op => {
    const twin = twins.get(op) ?? { ...op, name: rename(op) };
    twins.set(op, twin);
    originals.set(twin, op);
    return twin;
  };
  const made = new Map<Tensor, Tensor>(inputs.map((x) => [x, x]));
  for (const x of topological(outputs, (x) => made.has(x))) {
    if (made.has(x)) continue;
    const op = x.op.kind === "leaf" ? x.op : twinOf(x.op);
    made.set(x, new Tensor(op, x.args.map((arg) => made.get(arg)!), x.attrs, x, x.data));
  }
  const graph = { inputs, outputs: outputs.map((x) => made.get(x)!) };
  return { graph, originalOf: (op: Op) => originals.get(op) ?? op };
}

/** A plan as text without labels, in which ops are what they were before they were renamed. */
const shown = (plan: Plan, originalOf: (op: Op) => Op): string =>
  JSON.stringify(
    plan,
    (key, value) => key === "label" ? undefined : key === "op" ? originalOf(value).name : value,
    1,
  );

/** Devices by how their kernels read: everything as it comes, or some arguments only as they lie. */
const ACCESS: Readonly<Record<string, (op: KernelOp) => Access>> = {
  any: () => "any",
  direct: (op) => op === ops.KERNEL_OPS.sum || op === ops.KERNEL_OPS.max ? "any" : "direct",
};

function planned(
  { inputs, outputs }: Graph,
  access: (op: KernelOp) => Access,
  limits: Omit<Policy, "access">,
  originalOf: (op: Op) => Op = (op) => op,
): string {
  const policy = { access: (op: KernelOp) => access(originalOf(op) as KernelOp), ...limits };
  return shown(buildPlan(inputs, outputs, policy).plan, originalOf);
}

/** Each op with the name of the next. */
const NEXT = new Map(OPS.map((op, i) => [op, OPS[(i + 1) % OPS.length]!.name]));

const RENAMINGS: Readonly<Record<string, (op: Op) => string>> = {
  "names that no op has": ({ name }) => `my ${name}`,
  "each other's names": (op) => NEXT.get(op) ?? op.name,
  "one name": () => "add",
};

for (const [what, rename] of Object.entries(RENAMINGS)) {
  Deno.test(`buildPlan() builds the same plan for ops that have ${what}`, () => {
    for (const build of Object.values(GRAPHS)) {
      const graph = build(), { graph: other, originalOf } = renamed(graph, rename);
      for (const access of Object.values(ACCESS)) {
        for (const limits of [{ maxLoads: 32 }, { maxLoads: 8, maxBuffers: 24 }]) {
          assertEquals(
            planned(other, access, limits, originalOf),
            planned(graph, access, limits),
          );
        }
      }
    }
  });
}

Deno.test("the graphs that are renamed hold every kind of knowledge that the planner asks for", () => {
  const used = new Set(Object.values(GRAPHS).flatMap((build) => topological(build().outputs)));
  const maps = [...used].flatMap(({ op }) => op.kind === "map" ? [op] : []);
  assert(maps.some(({ cost = 1 }) => cost > 1));
  assert(maps.some(({ value }) => value));
  assert(maps.some(({ indexed }) => indexed));
  assert(maps.some(({ identity }) => identity !== undefined));
});

/** Source without comments. */
const withoutComments = (text: string) =>
  text.replace(/\/\*[^]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");

function* sourcesIn(folder: URL): Generator<URL> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* sourcesIn(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts")) yield new URL(name, folder);
  }
}

/** Texts of the planner that happen to be an op's name: kinds of slots and expressions. */
const KINDS: ReadonlySet<string> = new Set(["constant"]);

/** How a name may be looked at: compared, looked up, or asked of a set. */
const LOOKED_AT =
  /\bname\s*[!=]==?|[!=]==?\s*[\w.]*\.name\b|\bname\s+in\b|\w\[[\w.]*\bname\]|\.(?:has|get|includes|startsWith)\([\w.]*\bname\)/;

Deno.test("looking at an op's name is found out", () => {
  const looks = ['e.name === "add"', "DEAR[t.op.name]", "KEEPS.has(e.name)", "a === b.op.name"];
  for (const text of looks) assert(LOOKED_AT.test(text), text);
  for (const text of ["names.push(e.op.name)", "`${op.name}`"]) assert(!LOOKED_AT.test(text), text);
});

Deno.test("src/plan contains no op's name and does not depend on one", () => {
  const names = new Set(OPS.map(({ name }) => name));
  for (const url of sourcesIn(new URL("../../src/plan/", import.meta.url))) {
    const text = withoutComments(Deno.readTextFileSync(url));
    for (const [, , word] of text.matchAll(/(["'`])(\w+)\1/g)) {
      assert(!names.has(word!) || KINDS.has(word!), `${url}: expected no op's name, found ${word}`);
    }
    const found = LOOKED_AT.exec(text);
    assert(!found, `${url}: expected no look at an op's name, found ${found}`);
  }
});
