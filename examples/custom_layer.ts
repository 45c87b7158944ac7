/** A custom layer with weights that LSUV can scale: a low-rank dense layer, y = x · u · v + b. */
import * as g from "@goodinit/goodinit";
import type { Tensor } from "../src/tensor.ts";
import type { Tuple } from "../src/tuple.ts";

type LowRank = { readonly u: g.Tensor; readonly v: g.Tensor; readonly b: g.Tensor };

/** What LSUV needs: the part that is linear in the weights, the biases, and how to scale the weights. */
const unit: g.nn.Unit<LowRank> = {
  pieces: 1,
  linear: ({ u, v }, x) => g.ops.matmul(g.ops.matmul(x, u), v),
  bias: ({ b }) => b,
  finish: (y) => y,
  scale: ({ u, v, b }, factors) => ({ u, v: g.ops.mul(v, factors), b }),
};

const lowRank = (units: number, rank: number): g.Layer<LowRank> =>
  g.nn.layer<LowRank>(
    "lowRank",
    (key, { shape: [, size] }) => {
      const [first, second] = g.split(key) as Tuple<Tensor, 2>;
      const u = g.normal(first, [size!, rank]), v = g.normal(second, [rank, units]);
      return { u, v, b: g.ops.constant(0, [units]) };
    },
    (params, x) => g.ops.add(unit.linear(params, x), unit.bias(params)),
    unit,
  );

const net = g.sequential(lowRank(64, 4), g.nn.tanh, lowRank(10, 4));

await using run = await g.open();
const x = g.normal(g.key(1), [128, 32]), start = net.init(g.key(0), x);
const params = run.jit((p: typeof start) => g.lsuv(net, p, x))(start);
const print = async (when: string, p: typeof start) => {
  const found = await run.read(g.init.variances(net, p, x));
  console.log(when, ...found.map(([variance = NaN]) => variance.toFixed(2)));
};
await print("variances before:", start);
await print("variances after: ", params);
