/** Initializes a list of layers with LSUV and prints what it found and did. */
import * as g from "@goodinit/goodinit";

const layers = [
  g.nn.conv(16, 3, { padding: 1, init: g.init.gaussian(0.01) }),
  g.nn.relu,
  g.nn.conv(16, 3, { padding: 1, init: g.init.gaussian(0.01) }),
  g.nn.relu,
  g.nn.maxPool(2),
  g.nn.flatten,
  g.nn.dense(32, { pieces: 3 }),
  g.nn.dense(10),
];
const net = g.sequential(...layers);

await using run = await g.open();
const images = g.normal(g.key(1), [64, 12, 12, 3]);
const initialize = run.jit((key: g.Key, x: g.Tensor) =>
  g.init.lsuvWithReport(net, net.init(key, x), x, { preset: "authors" })
);
const [params, report] = initialize(g.key(0), images);
console.log(g.init.formatReport(g.init.reportRows(await run.read(report))));

const logits = run.jit((p: typeof params, x: g.Tensor) => g.ops.variance(net(p, x)))(
  params,
  images,
);
console.log("variance of the logits:", (await run.read(logits))[0]!.toPrecision(4));
