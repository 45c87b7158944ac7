/**
 * Reductions over the middle axis of [outer, n, inner], in a fixed order: first into partial results,
 * a thread each, if the axis is long; then over those.
 *
 * @module
 */
import { type Dispatch, joinParts, type Lower, MAX_ROUNDS, perElement, suffix } from "../kernel.ts";
import type { DType } from "../../../../host_data.ts";
import type { Width } from "../../wgsl/instructions.ts";

/** Partial results are aimed at until this many threads are busy. */
const BUSY = 32768;
/** The most partial results for one output. */
const MAX_PARTS = 512;
/** From this many outputs on a thread each puts the partial results together. */
const MANY = 1024;
/** The fewest elements that a thread takes. */
const MIN_RUN = 16;

/** Two partial results become one, by the type and number of the elements they hold. */
type Combine = (a: string, b: string, dtype: DType, width: Width) => string;

/** Reads element (outer, k, inner) of groups of `width` inner elements. */
function loop(
  [outer, n, inner]: readonly [number, number, number],
  parts: number,
  width: Width,
  combine: (a: string, b: string) => string,
  read: string,
): Pick<Dispatch, "body" | "workgroups"> {
  const groups = inner / width;
  return perElement(
    parts * outer * groups,
    `  let part = i / ${outer * groups}u;
  let rest = i - part * ${outer * groups}u;
  let row = rest / ${groups}u;
  let at = row * ${n * groups}u + rest - row * ${groups}u;
  var result = ${read}(at + part * ${groups}u);
  for (var k = part + ${parts}u; k < ${n}u; k += ${parts}u) {
    result = ${combine("result", `${read}(at + k * ${groups}u)`)};
  }
  store${suffix(width)}(i, result);`,
  );
}

const reduce = (combine: Combine): Lower => ({ args: [{ shape, dtype }], wide, wideStore }) => {
  const [outer, n, inner] = shape, outputs = outer * inner;
  const parts = n < 4 * MIN_RUN ? 1 : Math.max(
    Math.ceil(n / MAX_ROUNDS),
    Math.min(MAX_PARTS, Math.floor(n / MIN_RUN), Math.ceil(BUSY / outputs)),
  );
  const width: Width = wide[0] && inner % 4 === 0 && (parts > 1 || wideStore) ? 4 : 1;
  const by = (width: Width) => (a: string, b: string) => combine(a, b, dtype, width);
  const load = { argument: 0, width }, read = `load0${suffix(width)}`;
  if (parts === 1) {
    return {
      dispatches: [{
        ...loop([outer, n, inner], 1, width, by(width), read),
        loads: [load],
        writes: { width },
      }],
    };
  }
  const joined: Width = wideStore && outputs % 4 === 0 ? 4 : 1;
  const join = outputs >= MANY ? joinParts(parts, outputs, joined, by(joined)) : {
    ...tree(parts, outputs, by(1), dtype),
    loads: [],
    scratchReads: [{ scratch: 0, width: 1 as const }],
    writes: { width: 1 as const },
  };
  return {
    scratch: [{ size: parts * outputs, dtype }],
    dispatches: [
      {
        ...loop([outer, n, inner], parts, width, by(width), read),
        loads: [load],
        writes: { scratch: 0, width },
      },
      join,
    ],
  };
};

/** One workgroup of 64 for each output: strided runs, then a tree. */
function tree(
  parts: number,
  outputs: number,
  combine: (a: string, b: string) => string,
  dtype: DType,
): Pick<Dispatch, "body" | "workgroups"> {
  const rows = Math.ceil(outputs / 65535), columns = Math.ceil(outputs / rows);
  const halves = [32, 16, 8, 4, 2, 1].map((half) =>
    `  if (thread < ${half}u && thread + ${half}u < ${
      Math.min(parts, 64)
    }u) { shared_sum[thread] = ${combine("shared_sum[thread]", `shared_sum[thread + ${half}u]`)}; }
  workgroupBarrier();`
  ).join("\n");
  return {
    workgroups: [columns, rows, 1],
    body: `var<workgroup> shared_sum: array<${dtype}, 64>;
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let i = group.x + group.y * ${columns}u;
  if (i < ${outputs}u && thread < ${parts}u) {
    var result = read_scratch0[thread * ${outputs}u + i];
    for (var k = thread + 64u; k < ${parts}u; k += 64u) {
      result = ${combine("result", `read_scratch0[k * ${outputs}u + i]`)};
    }
    shared_sum[thread] = result;
  }
  workgroupBarrier();
${halves}
  if (i < ${outputs}u && thread == 0u) { store(i, shared_sum[0]); }
}`,
  };
}

/** Sums. */
export const sum: Lower = reduce((a, b) => `${a} + ${b}`);

/** Maxima; NaN where one is. */
export const max: Lower = reduce((a, b, dtype, width) =>
  dtype === "f32" ? `max_or_nan${width}(${a}, ${b})` : `max(${a}, ${b})`
);

/** Indices of maxima: of runs of the axis, then of those. */
export const argMax: Lower = ({ args: [{ shape: [outer, n, inner], dtype }] }) => {
  const outputs = outer * inner, parts = Math.ceil(n / MAX_ROUNDS);
  const at = `  let row = i / ${inner}u;
  let at = row * ${n * inner}u + i - row * ${inner}u;`;
  const load = { argument: 0, width: 1 as const };
  // The first NaN beats everything.
  const better = dtype === "f32" ? "!is_nan1(best) && (v > best || is_nan1(v))" : "v > best";
  const scan = `  var place = first;
  var best = load0(at + place * ${inner}u);
  for (var k = first + 1u; k < end; k++) {
    let v = load0(at + k * ${inner}u);
    if (${better}) { best = v; place = k; }
  }`;
  if (parts === 1) {
    const lines = `${at}\n  let first = 0u;\n  let end = ${n}u;\n${scan}\n  store(i, i32(place));`;
    return {
      dispatches: [{ ...perElement(outputs, lines), loads: [load], writes: { width: 1 } }],
    };
  }
  return {
    scratch: [{ size: parts * outputs, dtype: "i32" }],
    dispatches: [
      {
        ...perElement(
          parts * outputs,
          `  let part = i / ${outputs}u;
  let first = part * ${MAX_ROUNDS}u;
  let end = min(first + ${MAX_ROUNDS}u, ${n}u);
  { let whole = i; let i = whole - part * ${outputs}u;
${at}
${scan}
  store(whole, i32(place)); }`,
        ),
        loads: [load],
        writes: { scratch: 0, width: 1 },
      },
      {
        ...perElement(
          outputs,
          `${at}
  var place = read_scratch0[i];
  var best = load0(at + u32(place) * ${inner}u);
  for (var part = 1u; part < ${parts}u; part++) {
    let k = read_scratch0[part * ${outputs}u + i];
    let v = load0(at + u32(k) * ${inner}u);
    if (${better}) { best = v; place = k; }
  }
  store(i, place);`,
        ),
        loads: [load],
        scratchReads: [{ scratch: 0, width: 1 }],
        writes: { width: 1 },
      },
    ],
  };
};
