/**
 * Layers of one's own for the nets.
 *
 * @module
 */
import {
  compose,
  gaussian,
  highway,
  type Layer,
  layer,
  maxPool,
  normal,
  ops,
  type Params,
  relu,
  sequential,
  split,
  type Tensor,
} from "../../mod.ts";
import { tapedConv as conv, tapedDense as dense, tapedLayer } from "./tape.ts";

type Named = Readonly<Record<string, Params>>;

/** A layer of one's own that calls others, each with parameters by a name. */
const byHand = (
  kind: string,
  parts: Readonly<Record<string, Layer>>,
  inputs: Readonly<Record<string, number>>,
  apply: (call: (name: string, x: Tensor) => Tensor, x: Tensor) => Tensor,
): Layer<Named> =>
  layer<Named>(
    kind,
    (key) => {
      const names = Object.keys(parts), keys = split(key, names.length);
      return Object.fromEntries(names.map((name, i) =>
        [name, parts[name]!.init(keys[i]!, { shape: [1, inputs[name]!], dtype: "f32" })] as const
      ));
    },
    (params, x) =>
      apply((name, x) => parts[name]!(params[name]!, x), x),
  );

/** Attention of one head over [batch, time, size], written with four layers on rows. */
function attend(call: (part: number, x: Tensor) => Tensor, x: Tensor): Tensor {
  const [batch, time, size] = x.shape as [number, number, number];
  const flat = ops.reshape(x, [batch * time, size]);
  const [q, k, v] = [0, 1, 2].map((i) => ops.reshape(call(i, flat), [batch, time, size]));
  const scores = ops.div(ops.matmul(q!, ops.transpose(k!, [0, 2, 1])), Math.sqrt(size));
  const mixed = ops.matmul(ops.softmax(scores, -1), v!);
  return ops.add(x, ops.reshape(call(3, ops.reshape(mixed, flat.shape)), x.shape));
}

export const attention = (size: number) =>
  compose("attention", Array.from({ length: 4 }, () => dense(size)), attend);

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
  compose("recurrent", [dense(units)], (call, x) => {
    const [batch, time, size] = x.shape as [number, number, number];
    let state = ops.constant(0, [batch, units]);
    for (let t = 0; t < time; t++) {
      const step = ops.slice(x, [0, t, 0], [batch, t + 1, size]);
      state = ops.tanh(call(0, ops.concat([ops.reshape(step, [batch, size]), state], 1)));
    }
    return state;
  });

/** Rows of a table by integers [batch, time]: [batch, time · size]. */
export const embedding = (count: number, size: number) =>
  layer(
    "embedding",
    (key) => ({ table: normal(key, [count, size]) }),
    ({ table }, ids) =>
      ops.reshape(ops.gather(table, ops.reshape(ids, [ids.size])), [ids.shape[0]!, -1]),
  );

type Lstm = { readonly wIn: Tensor; readonly wState: Tensor; readonly b: Tensor };

/** An LSTM with weights of its own, in no layer. */
export const lstm = (units: number): Layer<Lstm> =>
  layer<Lstm>("lstm", (key, { shape: [, , size] }) => {
    const [first, second] = split(key);
    return {
      wIn: ops.mul(normal(first!, [size!, 4 * units]), 0.3),
      wState: ops.mul(normal(second!, [units, 4 * units]), 0.3),
      b: ops.constant(0, [4 * units]),
    };
  }, ({ wIn, wState, b }, x) => {
    const [batch, time, size] = x.shape as [number, number, number];
    let state = ops.constant(0, [batch, units]), cell = state;
    for (let t = 0; t < time; t++) {
      const now = ops.reshape(ops.slice(x, [0, t, 0], [batch, t + 1, size]), [batch, size]);
      const all = ops.add(ops.add(ops.matmul(now, wIn), ops.matmul(state, wState)), b);
      const gate = (i: number) => ops.slice(all, [0, i * units], [batch, (i + 1) * units]);
      const kept = ops.mul(ops.sigmoid(gate(0)), cell);
      cell = ops.add(kept, ops.mul(ops.sigmoid(gate(1)), ops.tanh(gate(2))));
      state = ops.mul(ops.sigmoid(gate(3)), ops.tanh(cell));
    }
    return state;
  });

/** Weights of low rank, y = x · u · v + b. */
export const lowRank = (units: number, rank: number) => {
  type Own = { readonly u: Tensor; readonly v: Tensor; readonly b: Tensor };
  const unit = {
    pieces: 1,
    linear: ({ u, v }: Own, x: Tensor) => ops.matmul(ops.matmul(x, u), v),
    bias: ({ b }: Own) => b,
    finish: (y: Tensor) => y,
    scale: ({ u, v, b }: Own, factors: Tensor) => ({ u, v: ops.mul(v, factors), b }),
  };
  const inner = layer<Own>(
    "lowRank",
    (key, { shape: [, size] }) => {
      const [first, second] = split(key);
      const b = ops.constant(0.1, [units]);
      return { u: normal(first!, [size!, rank]), v: normal(second!, [rank, units]), b };
    },
    (params, x) => ops.add(unit.linear(params, x), unit.bias(params)),
    unit,
  );
  return tapedLayer(inner as typeof inner & { unit: typeof unit });
};

type Weights = { readonly w: Tensor; readonly b: Tensor };

/** An encoder, and a decoder with its weights transposed. */
export const transposed = (hidden: number, size: number) =>
  layer<Weights>(
    "tied",
    (key) => dense(hidden).init(key, { shape: [1, size], dtype: "f32" }),
    (params, x) => {
      const code = ops.tanh(dense(hidden)(params, x));
      const w = ops.transpose(params.w), b = ops.constant(0, [size]);
      return dense(size)({ w, b }, code);
    },
  );

/** Uses weights by itself before (or behind) a layer that has them. */
export const twoWays = (size: number, first: boolean) =>
  layer<Weights>(
    "twoWays",
    (key) => dense(size).init(key, { shape: [1, size], dtype: "f32" }),
    (params, x) =>
      first
        ? dense(size)(params, ops.tanh(ops.matmul(x, params.w)))
        : dense(size)(params, ops.add(x, ops.matmul(dense(size)(params, x), params.w))),
  );

export const init = gaussian(0.3);

export const highways = (depth: number) =>
  sequential(
    ...Array.from(
      { length: depth },
      () => highway(sequential(dense(16, { init }), relu), dense(16, { bias: -2, init })),
    ),
    dense(4),
  );

export const unet = () =>
  compose(
    "unet",
    [conv(4, 3, { padding: 1 }), maxPool(2), conv(8, 3, { padding: 1 }), conv(4, 1)],
    (call, x) => {
      const skip = ops.maximum(call(0, x), 0), low = ops.maximum(call(2, call(1, skip)), 0);
      const [batch, height, width, channels] = low.shape as [number, number, number, number];
      const wide = ops.broadcastTo(ops.reshape(low, [batch, height, 1, width, 1, channels]), [
        batch,
        height,
        2,
        width,
        2,
        channels,
      ]);
      const up = ops.reshape(wide, [batch, height * 2, width * 2, channels]);
      return call(3, ops.concat([skip, up], -1));
    },
  );
