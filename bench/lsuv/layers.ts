/**
 * Custom layers for the nets.
 *
 * @module
 */
import * as g from "../../mod.ts";
import { tapedConv as conv, tapedDense as dense, tapedLayer } from "./tape.ts";

type Named = Readonly<Record<string, g.Params>>;

/** A custom layer that calls others, each with its parameters by name. */
const byHand = (
  kind: string,
  parts: Readonly<Record<string, g.Layer>>,
  inputs: Readonly<Record<string, number>>,
  apply: (call: (name: string, x: g.Tensor) => g.Tensor, x: g.Tensor) => g.Tensor,
): g.Layer<Named> =>
  g.nn.layer<Named>(
    kind,
    (key) => {
      const names = Object.keys(parts), keys = g.split(key, names.length);
      return Object.fromEntries(names.map((name, i) =>
        [name, parts[name]!.init(keys[i]!, { shape: [1, inputs[name]!], dtype: "f32" })] as const
      ));
    },
    (params, x) =>
      apply((name, x) => parts[name]!(params[name]!, x), x),
  );

/** Attention of one head over [batch, time, size], written with four layers on rows. */
function attend(call: (part: number, x: g.Tensor) => g.Tensor, x: g.Tensor): g.Tensor {
  const [batch, time, size] = x.shape as [number, number, number];
  const flat = g.ops.reshape(x, [batch * time, size]);
  const [q, k, v] = [0, 1, 2].map((i) => g.ops.reshape(call(i, flat), [batch, time, size]));
  const scores = g.ops.div(g.ops.matmul(q!, g.ops.transpose(k!, [0, 2, 1])), Math.sqrt(size));
  const mixed = g.ops.matmul(g.ops.softmax(scores, -1), v!);
  return g.ops.add(x, g.ops.reshape(call(3, g.ops.reshape(mixed, flat.shape)), x.shape));
}

export const attention = (size: number) =>
  g.nn.compose("attention", Array.from({ length: 4 }, () => dense(size)), attend);

export const attentionByHand = (size: number) => {
  const names = ["q", "k", "v", "out"];
  return byHand(
    "attention",
    Object.fromEntries(names.map((name) => [name, dense(size)])),
    Object.fromEntries(names.map((name) => [name, size])),
    (call, x) => attend((part, x) => call(names[part]!, x), x),
  );
};

/** A plain recurrent net over the time axis of [batch, time, size]; one layer, called at each step. */
export const recurrent = (units: number) =>
  g.nn.compose("recurrent", [dense(units)], (call, x) => {
    const [batch, time, size] = x.shape as [number, number, number];
    let state = g.ops.constant(0, [batch, units]);
    for (let t = 0; t < time; t++) {
      const step = g.ops.slice(x, [0, t, 0], [batch, t + 1, size]);
      state = g.ops.tanh(call(0, g.ops.concat([g.ops.reshape(step, [batch, size]), state], 1)));
    }
    return state;
  });

/** Rows of a table by integers [batch, time]: [batch, time · size]. */
export const embedding = (count: number, size: number) =>
  g.nn.layer(
    "embedding",
    (key) => ({ table: g.normal(key, [count, size]) }),
    ({ table }, ids) =>
      g.ops.reshape(g.ops.gather(table, g.ops.reshape(ids, [ids.size])), [ids.shape[0]!, -1]),
  );

type Lstm = { readonly wIn: g.Tensor; readonly wState: g.Tensor; readonly b: g.Tensor };

/** An LSTM with its own weights, not in layers. */
export const lstm = (units: number): g.Layer<Lstm> =>
  g.nn.layer<Lstm>("lstm", (key, { shape: [, , size] }) => {
    const [first, second] = g.split(key);
    return {
      wIn: g.ops.mul(g.normal(first!, [size!, 4 * units]), 0.3),
      wState: g.ops.mul(g.normal(second!, [units, 4 * units]), 0.3),
      b: g.ops.constant(0, [4 * units]),
    };
  }, ({ wIn, wState, b }, x) => {
    const [batch, time, size] = x.shape as [number, number, number];
    let state = g.ops.constant(0, [batch, units]), cell = state;
    for (let t = 0; t < time; t++) {
      const now = g.ops.reshape(g.ops.slice(x, [0, t, 0], [batch, t + 1, size]), [batch, size]);
      const all = g.ops.add(g.ops.add(g.ops.matmul(now, wIn), g.ops.matmul(state, wState)), b);
      const gate = (i: number) => g.ops.slice(all, [0, i * units], [batch, (i + 1) * units]);
      const kept = g.ops.mul(g.ops.sigmoid(gate(0)), cell);
      cell = g.ops.add(kept, g.ops.mul(g.ops.sigmoid(gate(1)), g.ops.tanh(gate(2))));
      state = g.ops.mul(g.ops.sigmoid(gate(3)), g.ops.tanh(cell));
    }
    return state;
  });

/** Weights of low rank, y = x · u · v + b. */
export const lowRank = (units: number, rank: number) => {
  type Own = { readonly u: g.Tensor; readonly v: g.Tensor; readonly b: g.Tensor };
  const unit = {
    pieces: 1,
    linear: ({ u, v }: Own, x: g.Tensor) => g.ops.matmul(g.ops.matmul(x, u), v),
    bias: ({ b }: Own) => b,
    finish: (y: g.Tensor) => y,
    scale: ({ u, v, b }: Own, factors: g.Tensor) => ({ u, v: g.ops.mul(v, factors), b }),
  };
  const inner = g.nn.layer<Own>(
    "lowRank",
    (key, { shape: [, size] }) => {
      const [first, second] = g.split(key);
      const b = g.ops.constant(0.1, [units]);
      return { u: g.normal(first!, [size!, rank]), v: g.normal(second!, [rank, units]), b };
    },
    (params, x) => g.ops.add(unit.linear(params, x), unit.bias(params)),
    unit,
  );
  return tapedLayer(inner as typeof inner & { unit: typeof unit });
};

type Weights = { readonly w: g.Tensor; readonly b: g.Tensor };

/** An encoder, and a decoder with the encoder's weights transposed. */
export const transposed = (hidden: number, size: number) =>
  g.nn.layer<Weights>(
    "tied",
    (key) => dense(hidden).init(key, { shape: [1, size], dtype: "f32" }),
    (params, x) => {
      const code = g.ops.tanh(dense(hidden)(params, x));
      const w = g.ops.transpose(params.w), b = g.ops.constant(0, [size]);
      return dense(size)({ w, b }, code);
    },
  );

/** Uses weights directly before (or after) a layer that has them. */
export const twoWays = (size: number, first: boolean) =>
  g.nn.layer<Weights>(
    "twoWays",
    (key) => dense(size).init(key, { shape: [1, size], dtype: "f32" }),
    (params, x) =>
      first
        ? dense(size)(params, g.ops.tanh(g.ops.matmul(x, params.w)))
        : dense(size)(params, g.ops.add(x, g.ops.matmul(dense(size)(params, x), params.w))),
  );

export const init = g.init.gaussian(0.3);

export const highways = (depth: number) =>
  g.sequential(
    ...Array.from(
      { length: depth },
      () =>
        g.nn.highway(
          g.sequential(dense(16, { init }), g.nn.relu),
          dense(16, { biasInit: -2, init }),
        ),
    ),
    dense(4),
  );

export const unet = () =>
  g.nn.compose(
    "unet",
    [conv(4, 3, { padding: 1 }), g.nn.maxPool(2), conv(8, 3, { padding: 1 }), conv(4, 1)],
    (call, x) => {
      const skip = g.ops.maximum(call(0, x), 0), low = g.ops.maximum(call(2, call(1, skip)), 0);
      const [batch, height, width, channels] = low.shape as [number, number, number, number];
      const wide = g.ops.broadcastTo(g.ops.reshape(low, [batch, height, 1, width, 1, channels]), [
        batch,
        height,
        2,
        width,
        2,
        channels,
      ]);
      const up = g.ops.reshape(wide, [batch, height * 2, width * 2, channels]);
      return call(3, g.ops.concat([skip, up], -1));
    },
  );
