/** A residual block and a highway layer initialized with LSUV, which descends into branches. */
import * as g from "@goodinit/goodinit";

const channels = 16, window = { padding: 1 };
const net = g.sequential(
  g.nn.conv(channels, 3, window),
  g.nn.residual(
    g.sequential(
      g.nn.relu,
      g.nn.conv(channels, 3, window),
      g.nn.relu,
      g.nn.conv(channels, 3, window),
    ),
  ),
  g.nn.highway(
    g.sequential(g.nn.conv(channels, 3, window), g.nn.relu),
    g.nn.conv(channels, 1, { biasInit: -2 }), // The gate, initially almost closed: most of x passes through unchanged.
  ),
  g.nn.globalAvgPool,
  g.nn.dense(10),
);

await using run = await g.open();
const images = g.normal(g.key(1), [32, 10, 10, 3]);
const initialize = run.jit((key: g.Key, x: g.Tensor) =>
  g.init.lsuvWithReport(net, net.init(key, x), x)
);
const [params, report] = initialize(g.key(0), images);
console.log(g.init.formatReport(g.init.reportRows(await run.read(report))));

const logits = await run.read(net(params, images));
console.log(
  `${logits.length / 10} rows of 10 logits, all finite: ${logits.every(Number.isFinite)}`,
);
