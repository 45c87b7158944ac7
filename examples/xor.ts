/** Learns exclusive or: 1 where two inputs differ, 0 where they agree. */
import * as g from "@goodinit/goodinit";

await using run = await g.open();
const x = g.tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
const y = g.tensor([0, 1, 1, 0], [4], "i32");

const net = g.sequential(g.nn.dense(8), g.nn.tanh, g.nn.dense(2));
const { init, step } = g.optim.adam({ learningRate: 0.05 });
const loss = (params: ReturnType<typeof net.init>) =>
  g.ops.mean(g.nn.softmaxCrossEntropy(net(params, x), y));

let params = g.lsuv(net, net.init(g.key(0), x), x), state = init(params);
const descend = run.jit((p: typeof params, s: typeof state) => step(p, g.grad(loss)(p), s));
for (let i = 0; i < 100; i++) [params, state] = descend(params, state);

const answers = await run.read(g.ops.argMax(net(params, x)));
console.log(`0 0 → ${answers[0]}, 0 1 → ${answers[1]}, 1 0 → ${answers[2]}, 1 1 → ${answers[3]}`);
