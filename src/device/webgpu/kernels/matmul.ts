/**
 * Matrix products: tiles of 64 × 64 outputs in workgroup memory, 4 × 4 a thread; small ones with a
 * thread for each output; on software adapters as `matmul_direct.ts` says.
 *
 * @module
 */
import { sizeOf } from "../../../shape.ts";
import { directMatmul } from "./matmul_direct.ts";
import { type Lower, MAX_ROUNDS, perElement, sumParts } from "../kernel.ts";

const TILE = 64, DEPTH = 16;
/** Below this many products, or with fewer rows or columns than this, tiles are not worth it. */
const SMALL = 1 << 18, NARROW = 24;

/** [batch, m, k] × [batch, k, n] → [batch, m, n]. */
export const matmul: Lower = (context) => {
  const [batch, m, k] = context.args[0].shape, n = context.args[1].shape[2];
  const loads = [{ argument: 0, width: 1 as const }, { argument: 1, width: 1 as const }];
  if (batch * m * n * k < SMALL || Math.min(m, n) < NARROW) {
    const outputs = sizeOf(context.spec.shape), parts = Math.ceil(k / MAX_ROUNDS);
    const product = perElement(
      parts * outputs,
      `  let part = i / ${outputs}u;
  let element = i - part * ${outputs}u;
  let row = element / ${n}u;
  let column = element - row * ${n}u;
  let first = row / ${m}u * ${k * n}u + column;
  var total = 0.0;
  for (var j = part * ${MAX_ROUNDS}u; j < min((part + 1u) * ${MAX_ROUNDS}u, ${k}u); j++) {
    total += load0(row * ${k}u + j) * load1(first + j * ${n}u);
  }
  store(i, total);`,
    );
    if (parts === 1) return { dispatches: [{ ...product, loads, writes: { width: 1 } }] };
    return {
      scratch: [{ size: parts * outputs }],
      dispatches: [
        { ...product, loads, writes: { scratch: 0, width: 1 } },
        sumParts(parts, outputs),
      ],
    };
  }
  if (context.fewPipelines) return directMatmul(context);
  return {
    dispatches: [{
      body: tiled(m, k, n),
      workgroups: [Math.ceil(n / TILE), Math.ceil(m / TILE), batch],
      loads,
      writes: { width: 1 },
    }],
  };
};

/** Loads and stores are guarded only along sizes that the tiles do not divide. */
function tiled(m: number, k: number, n: number): string {
  const guard = (size: number, tile: number, text: string) => size % tile === 0 ? [] : [text];
  const select = (conditions: string[], read: string, target: string) =>
    conditions.length === 0
      ? `${target} = ${read};`
      : `if (${conditions.join(" && ")}) { ${target} = ${read}; } else { ${target} = 0.0; }`;
  const fill = [0, 1, 2, 3].map((part) => {
    // a: 64 rows × 16 deep, a thread takes one depth of four rows; b: 16 deep × 64 columns.
    const row = `row0 + y + ${16 * part}u`, column = `column0 + (thread & 63u)`;
    const depth = `(thread >> 6u) + ${4 * part}u`;
    return `    ${
      select(
        [...guard(m, TILE, `${row} < ${m}u`), ...guard(k, DEPTH, `depth0 + x < ${k}u`)],
        `load0((group.z * ${m}u + ${row}) * ${k}u + depth0 + x)`,
        `tile_a[x][y + ${16 * part}u]`,
      )
    }
    ${
      select(
        [...guard(n, TILE, `${column} < ${n}u`), ...guard(k, DEPTH, `depth0 + ${depth} < ${k}u`)],
        `load1((group.z * ${k}u + depth0 + ${depth}) * ${n}u + ${column})`,
        `tile_b[${depth}][thread & 63u]`,
      )
    }`;
  }).join("\n");
  const products = Array.from({ length: DEPTH }, (_, d) => {
    const a = [0, 1, 2, 3].map((r) => `tile_a[${d}][4u * y + ${r}u]`);
    const b = [0, 1, 2, 3].map((c) => `tile_b[${d}][4u * x + ${c}u]`);
    return `    { let b = vec4<f32>(${b.join(", ")});\n${
      a.map((v, r) => `      sum${r} = fma(vec4<f32>(${v}), b, sum${r});`).join("\n")
    } }`;
  }).join("\n");
  const stores = [0, 1, 2, 3].flatMap((r) =>
    [0, 1, 2, 3].map((c) => {
      const row = `row0 + 4u * y + ${r}u`, column = `column0 + 4u * x + ${c}u`;
      const conditions = [
        ...guard(m, TILE, `${row} < ${m}u`),
        ...guard(n, TILE, `${column} < ${n}u`),
      ];
      const store = `store((group.z * ${m}u + ${row}) * ${n}u + ${column}, sum${r}[${c}]);`;
      return `  ${conditions.length ? `if (${conditions.join(" && ")}) { ${store} }` : store}`;
    })
  ).join("\n");
  return `var<workgroup> tile_a: array<array<f32, ${TILE}>, ${DEPTH}>;
var<workgroup> tile_b: array<array<f32, ${TILE}>, ${DEPTH}>;
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let x = thread & 15u;
  let y = thread >> 4u;
  let row0 = group.y * ${TILE}u;
  let column0 = group.x * ${TILE}u;
${[0, 1, 2, 3].map((r) => `  var sum${r} = vec4<f32>();`).join("\n")}
  for (var depth0 = 0u; depth0 < ${k}u; depth0 += ${DEPTH}u) {
${fill}
    workgroupBarrier();
${products}
    workgroupBarrier();
  }
${stores}
}`;
}
