/** A small vision transformer: patches, attention and MLP, initialized with LSUV. */
import * as g from "@goodinit/goodinit";

const { nn } = g, features = 32;

/** Patches of 4 × 4 pixels as tokens, each projected to its features by a convolution. */
const patches = g.sequential(
  nn.conv(features, 4, { stride: 4 }),
  nn.reshape([-1, features]),
  nn.learnedPositions(),
);
const mlp = g.sequential(nn.layerNorm(), nn.dense(64), nn.gelu(), nn.dense(features));
/** A block as in "An Image is Worth 16x16 Words", normalized before each branch. */
const block = g.sequential(
  nn.residual(g.sequential(nn.layerNorm(), nn.attention(features, 4))),
  nn.residual(mlp),
);
const net = g.sequential(patches, block, block, nn.layerNorm(), nn.globalAvgPool1d, nn.dense(10));
console.log(g.summary(net, { shape: [32, 16, 16, 3], dtype: "f32" }));

/** Images of ten patterns under noise, and which pattern each shows. */
const patterns = g.normal(g.key(1), [10, 16, 16, 3]);
function batch(key: g.Key, size: number) {
  const [first, second] = g.split(key);
  const labels = g.ops.cast(g.uniform(first, [size], 0, 10), "i32");
  const images = g.ops.add(g.ops.gather(patterns, labels), g.normal(second, [size, 16, 16, 3]));
  return { images, labels };
}

await using run = await g.open();
const [params, report] = run.jit((key: g.Key) => {
  const { images } = batch(g.key(2), 64);
  return g.init.lsuvWithReport(net, net.init(key, images), images);
})(g.key(0));
console.log(g.init.formatReport(g.init.reportRows(await run.read(report))));

const optimizer = g.optim.adam({ learningRate: 0.003 });
type Carry = readonly [typeof params, ReturnType<typeof optimizer.init>];
const step = ([params, state]: Carry, key: g.Key) => {
  const { images, labels } = batch(key, 32);
  const loss = (p: typeof params) => g.ops.mean(nn.softmaxCrossEntropy(net(p, images), labels));
  const [value, gradient] = g.valueAndGrad(loss)(params);
  return [optimizer.step(params, gradient, state) as Carry, value] as const;
};
const keys = Array.from({ length: 41 }, (_, i) => g.random.foldIn(g.key(3), i));
let i = 0;
for await (const [, loss] of run.fold(step, [params, optimizer.init(params)] as Carry, keys)) {
  if (i++ % 10 === 0) console.log(`step ${i - 1}: loss ${(await run.read(loss))[0]!.toFixed(3)}`);
}
