/**
 * One process of several, or one alone, that trains a net and prints what became of it.
 *
 * Options, as JSON: net, device, batch, epochs, folder of checkpoints, machines, the process that stops by
 * itself, at a step, and what is done where numbers are not finite, with the images of which that is so.
 *
 * @module
 */
import * as g from "../../mod.ts";

/** What this program trains. */
export interface TrainOptions {
  readonly net: "plain" | "normalized";
  readonly device: "cpu" | "reference" | "webgpu";
  readonly batch?: number;
  readonly epochs?: number;
  readonly folder?: string;
  /** The number of machines to pretend; sums overlap with the backward pass between several. */
  readonly machines?: number;
  /** A process that asks to stop after a step. */
  readonly stops?: { readonly rank: number; readonly step: number };
  /** What is done where numbers are not finite. */
  readonly onNonFinite?: g.train.NonFiniteOptions;
  /** Training images whose outputs are NaN. */
  readonly bad?: readonly number[];
  /** A process that fails after a step. */
  readonly fails?: { readonly rank: number; readonly step: number };
}

/** What it prints, of process 0. */
export interface TrainResult {
  readonly size: number;
  readonly step: number;
  readonly stopped: boolean;
  readonly epochs: readonly {
    trainLoss: number;
    trainAccuracy: number;
    test?: g.train.Evaluation;
    skippedSteps?: number;
    rateFactor?: number;
  }[];
  /** The steps after which steps had been skipped, and how many. */
  readonly skips: readonly (readonly [step: number, count: number])[];
  readonly weights: readonly number[];
  /** Whether all processes have the same weights, to the bit. */
  readonly same: boolean;
}

const { net: name, device, batch = 12, epochs = 2, folder, stops, fails, machines, ...more } = JSON
  .parse(Deno.args[0]!) as TrainOptions;
const { onNonFinite, bad = [] } = more;

using joined = await g.distributed();
const job: g.Distributed = machines ? Object.assign(Object.create(joined), { machines }) : joined;
await using run = await g.open({ device, ...(device === "cpu" && { threads: 1 }) });
const size = { size: 16, channels: 1 } as const;
const source = g.data.prepareMnist(
  g.data.procedural({ split: "train", count: 60, ...size }),
  g.data.procedural({ split: "test", count: 31, ...size }),
);
const { images: pixels } = source.train.dataset, each = 16 * 16;
/** The sum of an image's bytes, which is that of no other one. */
const sumOf = (at: number) =>
  pixels.subarray(at * each, (at + 1) * each).reduce((sum, byte) => sum + byte, 0);
/** NaN for the bad images. */
const poisoned = g.nn.stateless("poisoned", (x) => {
  const sums = g.ops.mul(g.ops.sum(x, [1, 2, 3], { keep: true }), 1 / 0.004);
  const near = (at: number) => g.ops.less(g.ops.abs(g.ops.sub(sums, sumOf(at))), 0.4);
  return bad.reduce((x, at) => g.ops.where(near(at), NaN, x), x);
});
const net = g.sequential(
  ...(bad.length > 0 ? [poisoned] : []),
  g.nn.conv(4, 3, { padding: 1 }),
  ...(name === "normalized" ? [g.nn.batchNorm()] : []),
  g.nn.relu,
  g.nn.maxPool(4),
  g.nn.dropout(0.3),
  g.nn.flatten,
  g.nn.dense(10),
);
// Other weights in other processes, which must not matter.
const params = net.init(g.key(job.rank), g.placeholder({ shape: [1, 16, 16, 1], dtype: "f32" }));
const controller = new AbortController();
const seen = [], skips: (readonly [number, number])[] = [];
let result;
for await (
  const event of g.fit(run, {
    net: net as g.Layer,
    params,
    optimizer: g.optim.sgd({ learningRate: 0.05, momentum: 0.9, weightDecay: 1e-3 }),
    ...source,
    batch,
    epochs,
    progressEvery: Infinity,
    progressSteps: 1,
    signal: controller.signal,
    distributed: job,
    ...(onNonFinite && { onNonFinite }),
    ...(folder && {
      checkpoint: { folder, everySteps: 3 },
      resume: await g.train.findCheckpoint(folder),
    }),
  })
) {
  if (fails?.rank === job.rank && fails.step === event.step) Deno.kill(Deno.pid, "SIGKILL");
  if (stops?.rank === job.rank && stops.step === event.step) controller.abort();
  if (event.kind === "epoch") {
    const { trainLoss, trainAccuracy, test, skippedSteps, rateFactor } = event;
    const went = { ...(skippedSteps && { skippedSteps }), ...(rateFactor && { rateFactor }) };
    seen.push({ trainLoss, trainAccuracy, test, ...went });
  }
  const { skippedSteps = 0 } = event.kind === "progress" || event.kind === "epoch" ? event : {};
  if (skippedSteps > (skips.at(-1)?.[1] ?? 0)) skips.push([event.step, skippedSteps]);
  if (event.kind === "end") result = event;
}
const weights = (await run.read(g.tree.leaves<g.Tensor>(result!.params)))
  .flatMap((data) => [...data as Float32Array]);
const most = Float64Array.from(weights), least = Float64Array.from(weights);
job.allReduce(most, "max");
job.allReduce(least, "min");
const { step, stopped } = result!;
const same = most.every((x, i) => x === least[i]);
if (job.rank === 0) {
  console.log(
    JSON.stringify({ size: job.size, step, stopped, epochs: seen, skips, weights, same }),
  );
}
