/** A program of another project that trains a small net with the published library. */
import {
  grad,
  key,
  lsuv,
  nn,
  normal,
  open,
  ops,
  optim,
  sequential,
  type Tensor,
} from "@goodinit/goodinit";

await using run = await open({ device: "cpu" });
const net = sequential(nn.dense(16), nn.tanh, nn.dense(2)),
  optimizer = optim.sgd({ learningRate: 0.1, momentum: 0.9 });
const x = normal(key(1), [64, 2]);
const y = ops.cast(ops.greater(ops.sum(ops.mul(x, x), 1), 1.4), "i32"); // Inside or outside a circle.

const start = lsuv(net, net.init(key(0), x), x);
const loss = (params: typeof start) => ops.mean(nn.softmaxCrossEntropy(net(params, x), y));
type Carry = readonly [params: typeof start, state: ReturnType<typeof optimizer.init>];
const step = ([params, state]: Carry, _: readonly Tensor[]) =>
  [optimizer.step(params, grad(loss)(params), state), loss(params)] as const;

const steps = Array.from({ length: 60 }, () => []);
for await (const [, value] of run.fold(step, [start, optimizer.init(start)] as Carry, steps)) {
  console.log((await run.read(value))[0]);
}
