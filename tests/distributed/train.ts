/**
 * One process of several, or one alone, that trains a net and prints what became of it.
 *
 * Options, as JSON: net, device, batch, epochs, folder of checkpoints, machines, and the process that stops by
 * itself, at a step.
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
  }[];
  readonly weights: readonly number[];
  /** Whether all processes have the same weights, to the bit. */
  readonly same: boolean;
}

const { net: name, device, batch = 12, epochs = 2, folder, stops, fails, machines } = JSON.parse(
  Deno.args[0]!,
) as TrainOptions;

using joined = await g.distributed();
const job: g.Distributed = machines ? Object.assign(Object.create(joined), { machines }) : joined;
await using run = await g.open({ device, ...(device === "cpu" && { threads: 1 }) });
const size = { size: 16, channels: 1 } as const;
const source = g.data.prepareMnist(
  g.data.procedural({ split: "train", count: 60, ...size }),
  g.data.procedural({ split: "test", count: 31, ...size }),
);
const net = g.sequential(
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
const seen = [];
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
    ...(folder && {
      checkpoint: { folder, everySteps: 3 },
      resume: await g.train.findCheckpoint(folder),
    }),
  })
) {
  if (fails?.rank === job.rank && fails.step === event.step) Deno.kill(Deno.pid, "SIGKILL");
  if (stops?.rank === job.rank && stops.step === event.step) controller.abort();
  if (event.kind === "epoch") {
    const { trainLoss, trainAccuracy, test } = event;
    seen.push({ trainLoss, trainAccuracy, test });
  }
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
  console.log(JSON.stringify({ size: job.size, step, stopped, epochs: seen, weights, same }));
}
