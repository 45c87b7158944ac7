/** An LSTM, written with `scan`, that learns to repeat each bit of a sequence three steps later. */
import * as g from "@goodinit/goodinit";

const { ops } = g, steps = 20, batch = 64, units = 24, delay = 3;
type Lstm = Readonly<Record<"w" | "v" | "b" | "out", g.Tensor>>;

/** Sequences [time, batch, in] to logits at every step, [time, batch, 2]. */
function lstm({ w, v, b, out }: Lstm, x: g.Tensor): g.Tensor {
  // One product for all steps, to each of which that of its own state is added.
  const rows = (x: g.Tensor) => ops.reshape(x, [steps * batch, -1]);
  const given = ops.reshape(ops.add(ops.matmul(rows(x), w), b), [steps, batch, 4 * units]);
  const zero = ops.constant(0, [batch, units]);
  const [, outputs] = ops.scan(
    ([h, c], gates) => {
      const [input, forget, cell, output] = ops.split(ops.add(gates, ops.matmul(h, v)), 4, 1);
      const kept = ops.mul(ops.sigmoid(forget), c);
      const next = ops.add(kept, ops.mul(ops.sigmoid(input), ops.tanh(cell)));
      const y = ops.mul(ops.sigmoid(output), ops.tanh(next));
      return [[y, next], y];
    },
    [zero, zero],
    given,
  );
  return ops.reshape(ops.matmul(rows(outputs), out), [steps, batch, 2]);
}

/** Random bits, and as labels those of `delay` steps before, at first zeros. */
function sequences(key: g.Key): readonly [x: g.Tensor, labels: g.Tensor] {
  const bits = g.random.bernoulli(key, 0.5, [steps, batch]);
  const before = ops.pad(ops.slice(bits, [0], [steps - delay]), [[delay, 0], [0, 0]]);
  return [ops.reshape(ops.cast(bits, "f32"), [steps, batch, 1]), before];
}

await using run = await g.open();
const optimizer = g.optim.adam({ learningRate: 0.02 });
let params = run.jit((key: g.Key): Lstm => {
  const [first, second, third] = g.split(key, 3), scale = 1 / Math.sqrt(units);
  return {
    w: g.normal(first, [1, 4 * units]),
    v: ops.mul(g.normal(second, [units, 4 * units]), scale),
    b: ops.constant(0, [4 * units]),
    out: ops.mul(g.normal(third, [units, 2]), scale),
  };
})(g.key(0));
let state = optimizer.init(params);

const step = run.jit((params: Lstm, before: typeof state, key: g.Key) => {
  const [x, labels] = sequences(key);
  const [[loss, logits], grads] = g.valueAndGrad((params: Lstm) => {
    const logits = lstm(params, x);
    return [ops.mean(g.nn.softmaxCrossEntropy(logits, labels)), logits] as const;
  })(params);
  const [trained, after] = optimizer.step(params, grads, before);
  return { trained, after, results: [loss, g.nn.accuracy(logits, labels)] };
});
for (let i = 0; i <= 60; i++) {
  const { trained, after, results } = step(params, state, g.random.foldIn(g.key(1), i));
  [params, state] = [trained, after];
  if (i % 20 > 0) continue;
  const [loss, accuracy] = (await run.read(results)).map(([value = NaN]) => value);
  console.log(`step ${i}: loss ${loss!.toFixed(3)}, accuracy ${(100 * accuracy!).toFixed(1)} %`);
}
