/**
 * One process of several, or one alone, that initializes nets by LSUV and prints what became of them.
 *
 * @module
 */
import * as g from "../../mod.ts";

/** A net, the options of LSUV, and what became of it. */
export interface LsuvResult {
  readonly name: string;
  readonly weights: readonly number[];
  readonly rows: readonly g.init.ReportRow[];
  /** Whether all processes have the same weights, to the bit. */
  readonly same: boolean;
}

const { conv, dense, dropout, flatten, maxPool, relu, residual, tanh } = g.nn;

const NETS = {
  maxout: g.sequential(
    conv(4, 3, { padding: 1, pieces: 2, biasInit: 0.3 }),
    maxPool(2),
    flatten,
    dense(6, { pieces: 3 }),
    dense(3),
  ),
  branching: g.sequential(
    dropout(0.3),
    conv(5, 3, { padding: 1, biasInit: -0.2 }),
    residual(g.sequential(tanh, conv(5, 1), relu)),
    dropout(0.2),
    flatten,
    dense(4),
  ),
  normalized: g.sequential(conv(4, 3), g.nn.batchNorm(), relu, flatten, dense(5)),
};

const CASES: readonly (readonly [keyof typeof NETS, g.init.LsuvFromBatchesOptions])[] = [
  ["maxout", { fresh: false }],
  ["maxout", { preset: "authors" }],
  ["maxout", { normalize: "input", fresh: false, tolerance: 1e-3 }],
  ["branching", { fresh: false, key: g.key(9) }],
  ["branching", { normalize: "activation", key: g.key(9), maxTrials: 2 }],
  ["branching", { normalize: "input", only: (name) => !name.endsWith("dense") }],
  ["maxout", { target: 0.5, center: true, fresh: false }],
  ["branching", { target: 3, center: true, key: g.key(9) }],
  ["normalized", { fresh: false, center: true }],
  ["normalized", { preset: "paper2015" }],
];

/** Where the shares of 13 examples begin and end, by the number of processes. */
const BORDERS: Readonly<Record<number, readonly number[]>> = {
  1: [0, 13],
  2: [0, 4, 13],
  3: [0, 1, 8, 13],
};

using job = await g.distributed();
await using run = await g.open({ device: "cpu", threads: 1 });
const [first, last] = BORDERS[job.size]!.slice(job.rank) as [number, number];

/** This process's share of the n-th batch, whose examples have means of their own. */
function share(n: number): g.Tensor {
  const means = g.ops.reshape(g.ops.cast(g.ops.iota(13), "f32"), [13, 1, 1, 1]);
  const x = g.ops.add(g.normal(g.key(n), [13, 6, 6, 2]), g.ops.mul(means, 0.2));
  return g.ops.slice(x, [first, 0, 0, 0], [last, 6, 6, 2]);
}

const results: LsuvResult[] = [];
for (const [name, options] of CASES) {
  let drawn = 0;
  // Other weights in other processes, which must not matter.
  const start = NETS[name].init(g.key(job.rank), { shape: [1, 6, 6, 2], dtype: "f32" });
  const net = NETS[name] as g.Layer, distributed = job;
  const [params, rows] = await g.init.lsuvFromBatches(
    run,
    net,
    start as g.Params,
    () => share(drawn++),
    { ...options, distributed },
  );
  const weights = (await run.read(g.tree.leaves<g.Tensor>(params)))
    .flatMap((data) => [...data as Float32Array]);
  const most = Float64Array.from(weights), least = Float64Array.from(weights);
  job.allReduce(most, "max");
  job.allReduce(least, "min");
  results.push({ name, weights, rows, same: most.every((w, i) => w === least[i]) });
}
if (job.rank === 0) console.log(JSON.stringify(results));
