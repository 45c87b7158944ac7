/**
 * Matrix products on software adapters that cannot be computed as convolutions. A thread computes 16
 * columns of one row. A chunk of the second operand is staged in workgroup memory and read at constant
 * indices by unrolled code; sizes are parameters, so that all products share a pipeline.
 *
 * @module
 */
import { sizeOf } from "../../../../shape.ts";
import { workgroupArray } from "../../wgsl/module.ts";
import { symbol } from "../../wgsl/symbols.ts";
import { floats, load, parameter, store, STORED } from "../accessors.ts";
import { perWorkgroup } from "../entry_points.ts";
import type { Dispatch, KernelContext, Lowered } from "../kernel.ts";
import { finish } from "../partials.ts";
import type { Width } from "../../wgsl/types.ts";

const THREADS = 64, TILE = 16, DEPTH = 64, VECTORS = TILE / 4;

/** [batch, m, k] × [batch, k, n] → [batch, m, n]. */
export function directMatmul(context: KernelContext): Lowered {
  const [batch, m, k] = context.args[0].shape, n = context.args[1].shape[2];
  const read: Width = context.vectorized[0] && k % 4 === 0 ? 4 : 1;
  const vectorizedB = context.vectorized[1] && n % 4 === 0, { unfusedStore } = context;
  const store: Width = n % 4 === 0 && (!unfusedStore || context.vectorizedStore) ? 4 : 1;
  const depths = Array.from(
    { length: Math.ceil(k / DEPTH) },
    (_, i) => Math.min(DEPTH, k - i * DEPTH),
  );
  const dispatches: Dispatch[] = depths.map((depth, i) => ({
    ...writeShader({ depth, read, vectorizedB, store, exact: n % TILE === 0, first: i === 0 }),
    workgroups: [Math.ceil(m / THREADS), Math.ceil(n / TILE), batch],
    loads: [{ argument: 0, width: read }, { argument: 1, width: vectorizedB ? 4 : 1 }],
    writes: {
      width: store,
      ...(!unfusedStore && { scratch: 0 }),
      ...(i > 0 && { accumulates: true }),
    },
    parameters: [m, k, n, i * DEPTH],
  }));
  if (unfusedStore) return { dispatches };
  const size = sizeOf(context.spec.shape);
  dispatches.push(finish(size, context.vectorizedStore));
  return { dispatches, scratch: [{ size }] };
}

const CHUNK = symbol("chunk");

interface MatmulConfig {
  readonly depth: number;
  readonly read: Width;
  readonly vectorizedB: boolean;
  readonly store: Width;
  readonly exact: boolean;
  readonly first: boolean;
}

function writeShader(
  { depth, read, vectorizedB, store: width, exact, first }: MatmulConfig,
): Pick<Dispatch, "entry" | "declarations"> {
  const lines: string[] = [];
  for (let q = 0; q < depth; q += read) {
    lines.push(
      read === 4
        ? `  let a${q} = ${load(0, 4)}((at + ${q}u) / 4u);`
        : `  let a${q} = ${load(0)}(at + ${q}u);`,
    );
    for (let r = 0; r < read; r++) {
      const a = `vec4<f32>(a${q}${read === 4 ? `.${"xyzw"[r]}` : ""})`;
      for (let j = 0; j < VECTORS; j++) {
        lines.push(`  sum${j} = fma(${a}, ${CHUNK}[${(q + r) * VECTORS + j}], sum${j});`);
      }
    }
  }
  const stores = Array.from({ length: VECTORS }, (_, j) => {
    if (width === 4) {
      const at = `(place + ${4 * j}u) / 4u`;
      const line = `${store(4)}(${at}, ${first ? `sum${j}` : `${STORED}(${at}) + sum${j}`});`;
      return exact ? `    ${line}` : `    if (column0 + ${4 * j}u < columns) { ${line} }`;
    }
    return [0, 1, 2, 3].map((e) => {
      const at = `place + ${4 * j + e}u`, sum = `sum${j}[${e}]`;
      const line = `${store()}(${at}, ${first ? sum : `${STORED}(${at}) + ${sum}`});`;
      return `    if (column0 + ${4 * j + e}u < columns) { ${line} }`;
    }).join("\n");
  }).join("\n");
  const loads = vectorizedB
    ? `    if (column < columns) { b = ${load(1, 4)}((row + column) / 4u); }`
    : [0, 1, 2, 3].map((e) =>
      `    if (column + ${e}u < columns) { b[${e}] = ${load(1)}(row + column + ${e}u); }`
    ).join("\n");
  const body = `  let rows = ${parameter(0)}; let inner = ${parameter(1)}; let columns = ${
    parameter(2)
  };
  let depth0 = ${parameter(3)};
  let column0 = group.y * ${TILE}u;
  for (var t = thread; t < ${depth * VECTORS}u; t += ${THREADS}u) {
    let column = column0 + t % ${VECTORS}u * 4u;
    let row = (group.z * inner + depth0 + t / ${VECTORS}u) * columns;
    var b = vec4<f32>();
${loads}
    ${CHUNK}[t] = b;
  }
  workgroupBarrier();
  let row = group.x * ${THREADS}u + thread;
  let at = (group.z * rows + min(row, rows - 1u)) * inner + depth0;
${Array.from({ length: VECTORS }, (_, j) => `  var sum${j} = vec4<f32>();`).join("\n")}
${lines.join("\n")}
  if (row < rows) {
    let place = (group.z * rows + row) * columns + column0;
${stores}
  }`;
  return {
    declarations: [workgroupArray("chunk", floats(4), depth * VECTORS)],
    entry: perWorkgroup(THREADS, body),
  };
}
