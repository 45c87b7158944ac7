/** In a page as in Deno: LSUV, then training, on the device that is there. See docs/browser.md. */
import * as g from "@goodinit/goodinit";

const run = await g.open();
console.log(`${run.device}: ${run.reason}`);

const layers = Array.from({ length: 8 }, () => [g.nn.dense(32), g.nn.relu]).flat();
const net = g.sequential(...layers, g.nn.dense(2));
const x = g.normal(g.key(1), [128, 2]);
const y = g.ops.cast(g.ops.less(g.ops.sum(g.ops.mul(x, x), 1), 1.4), "i32");

const initialize = run.jit((key: g.Key, x: g.Tensor) =>
  g.init.lsuvWithReport(net, net.init(key, x), x)
);
const [params, report] = initialize(g.key(0), x);
const rows = g.init.reportRows(await run.read(report));
console.log("variances before:", rows.map(({ before }) => before.toPrecision(2)).join(" "));
console.log("variances after: ", rows.map(({ after }) => after.toPrecision(2)).join(" "));

const optimizer = g.optim.adam({ learningRate: 0.003 });
type Carry = readonly [typeof params, ReturnType<typeof optimizer.init>];
const lossOf = (p: typeof params, x: g.Tensor, y: g.Tensor) =>
  g.ops.mean(g.nn.softmaxCrossEntropy(net(p, x), y));
const step = ([p, state]: Carry, [x, y]: readonly [g.Tensor, g.Tensor]) => {
  const [loss, gradient] = g.valueAndGrad((p: typeof params) => lossOf(p, x, y))(p);
  return [optimizer.step(p, gradient, state) as Carry, loss] as const;
};
const batches = Array.from({ length: 100 }, () => [x, y] as const);
let count = 0;
for await (const [, loss] of run.fold(step, [params, optimizer.init(params)] as Carry, batches)) {
  count++;
  if (count % 25 === 0) console.log(`step ${count}: loss ${(await run.read(loss))[0]!.toFixed(3)}`);
}
await run[Symbol.asyncDispose]();
