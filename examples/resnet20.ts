/** ResNet-20 without batch normalization: LSUV brings its 20 layers to unit variance, and it trains. */
import * as g from "@goodinit/goodinit";

const net = g.models.resnet20({ batchnorm: "no", init: g.init.gaussian(0.01) });

/** Images of ten patterns under noise, and which pattern each shows. */
const patterns = g.normal(g.key(1), [10, 16, 16, 3]);
function batch(key: g.Key, size: number) {
  const [first, second] = g.split(key);
  const labels = g.ops.cast(g.uniform(first, [size], 0, 10), "i32");
  const images = g.ops.add(g.ops.gather(patterns, labels), g.normal(second, [size, 16, 16, 3]));
  return { images, labels };
}

await using run = await g.open();
const initialize = run.jit((key: g.Key) => {
  const { images } = batch(g.key(2), 64), start = net.init(key, images);
  const params = g.lsuv(net, start, images);
  return { params, variances: [start, params].map((p) => g.init.variances(net, p, images)) };
});
const { params, variances } = initialize(g.key(0));
const [before, after] = await run.read(variances);
console.log(`${g.models.countParameters(params)} parameters; variances before and after LSUV:`);
g.init.unitNames(net, {}, { shape: [1, 16, 16, 3], dtype: "f32" }).forEach((name, i) => {
  console.log(name.padEnd(18), before![i]![0]!.toExponential(1), after![i]![0]!.toFixed(3));
});

const optimizer = g.optim.adam({ learningRate: 0.001 });
type Carry = readonly [typeof params, ReturnType<typeof optimizer.init>];
const step = ([params, state]: Carry, key: g.Key) => {
  const { images, labels } = batch(key, 32);
  const loss = (p: typeof params) => g.ops.mean(g.nn.softmaxCrossEntropy(net(p, images), labels));
  const [value, gradient] = g.valueAndGrad(loss)(params);
  return [optimizer.step(params, gradient, state) as Carry, value] as const;
};
const keys = Array.from({ length: 41 }, (_, i) => g.random.foldIn(g.key(3), i));
let i = 0;
for await (const [, loss] of run.fold(step, [params, optimizer.init(params)] as Carry, keys)) {
  if (i++ % 10 === 0) console.log(`step ${i - 1}: loss ${(await run.read(loss))[0]!.toFixed(3)}`);
}
