/** An LSTM, initialized with LSUV, that learns to repeat each bit of a sequence three steps later. */
import * as g from "@goodinit/goodinit";

const { nn, ops } = g, steps = 20, batch = 64, delay = 3;

/** Sequences [batch, time, 1] to logits at every step, [batch, time, 2]. */
const net = g.sequential(nn.lstm(24), nn.dense(2));

/** Random bits, and as labels those of `delay` steps before, at first zeros. */
function sequences(key: g.Key): readonly [x: g.Tensor, labels: g.Tensor] {
  const bits = g.random.bernoulli(key, 0.5, [batch, steps]);
  const before = ops.pad(ops.slice(bits, [0, 0], [batch, steps - delay]), [[0, 0], [delay, 0]]);
  return [ops.reshape(ops.cast(bits, "f32"), [batch, steps, 1]), before];
}

await using run = await g.open();
const initialize = run.jit((key: g.Key) => {
  const [x] = sequences(g.key(2)), start = net.init(key, x), params = g.lsuv(net, start, x);
  return { params, variances: [start, params].map((p) => g.init.variances(net, p, x)) };
});
const { params: initial, variances } = initialize(g.key(0));
const [before, after] = await run.read(variances);
["input, forget, cell and output gate", "logits"].forEach((name, i) => {
  const [from, to] = [before, after].map((all) => [...all![i]!].map((v) => v.toFixed(2)).join(" "));
  console.log(`variances of ${name}: ${from} before LSUV, ${to} after`);
});

const optimizer = g.optim.adam({ learningRate: 0.02 });
let params = initial, state = optimizer.init(params);
const step = run.jit((params: typeof initial, before: typeof state, key: g.Key) => {
  const [x, labels] = sequences(key);
  const [[loss, logits], grads] = g.valueAndGrad((params: typeof initial) => {
    const logits = net(params, x);
    return [ops.mean(nn.softmaxCrossEntropy(logits, labels)), logits] as const;
  })(params);
  const [trained, after] = optimizer.step(params, grads, before);
  return { trained, after, results: [loss, nn.accuracy(logits, labels)] };
});
for (let i = 0; i <= 60; i++) {
  const { trained, after, results } = step(params, state, g.random.foldIn(g.key(1), i));
  [params, state] = [trained, after];
  if (i % 20 > 0) continue;
  const [loss, accuracy] = (await run.read(results)).map(([value = NaN]) => value);
  console.log(`step ${i}: loss ${loss!.toFixed(3)}, accuracy ${(100 * accuracy!).toFixed(1)} %`);
}
