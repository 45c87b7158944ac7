/**
 * Nets of every kind for LSUV: shared, re-ordered, branching, recurrent, deep, made by hand.
 *
 * @module
 */
import {
  compose,
  concat,
  dropout,
  flatten,
  gaussian,
  highway,
  type Key,
  key,
  type Layer,
  type LsuvOptions,
  maxPool,
  normal,
  ops,
  type Params,
  relu,
  residual,
  sequential,
  tanh,
  type Tensor,
  tensor,
  type Weights,
} from "../../mod.ts";
import {
  attention,
  attentionByHand,
  embedding,
  highways,
  init,
  lowRank,
  lstm,
  recurrent,
  transposed,
  twoWays,
  unet,
} from "./layers.ts";
import { tapedConv as conv, tapedDense as dense } from "./tape.ts";

/** A net to initialize. */
export interface Case {
  readonly name: string;
  readonly net: Layer;
  /** The batch. */
  readonly x: Tensor;
  /** Its parameters, if not those of `init`; from what `init` made. */
  readonly params?: (made: Params) => Params;
  readonly options?: LsuvOptions;
  /** The names that are reported, where they are not those of a plain net. */
  readonly names?: readonly string[];
  /** The weights that are reported as being in no layer with a `unit`. */
  readonly uncovered?: readonly string[];
  /** What cannot be at unit variance, by name. */
  readonly others?: readonly string[];
}

const rows = (...shape: number[]) => normal(key(1), shape);
const images = () => normal(key(2), [4, 8, 8, 2]);
const scaled = (x: Tensor, by: number, offset = 0) => ops.add(ops.mul(x, by), offset);

const uses = (name: string, n: number) =>
  Array.from({ length: n }, (_, i) => i ? `${name}, use ${i + 1}` : name);

/** The nets; those that are slow to describe last. */
export function nets(depth = 300): readonly Case[] {
  const twice = uses("[0] dense", 2);
  const layerTwice = dense(8);
  return [
    {
      name: "convolutions, maxout, groups",
      net: sequential(
        conv(4, 3, { padding: 1, pieces: 2, bias: 0.3 }),
        maxPool(2),
        conv(8, 3, { groups: 4, bias: -0.2 }),
        relu,
        flatten,
        dense(7, { pieces: 3 }),
        dense(3),
      ),
      x: images(),
    },
    {
      name: "one layer twice in a row",
      net: compose("twice", [dense(8)], (call, x) => call(0, ops.mul(ops.tanh(call(0, x)), 9))),
      x: rows(64, 8),
      names: twice,
      others: twice.slice(1),
    },
    {
      name: "siamese, two halves of the input",
      net: compose("siamese", [sequential(dense(8), tanh, dense(4))], (call, x) => {
        const [batch, size] = x.shape as [number, number];
        const half = (from: number) => ops.slice(x, [0, from], [batch, from + size / 2]);
        return ops.sub(call(0, half(0)), call(0, ops.mul(half(size / 2), 2)));
      }),
      x: rows(64, 12),
      names: ["[0][0] dense", "[0][2] dense", "[0][0] dense, use 2", "[0][2] dense, use 2"],
      others: ["[0][0] dense, use 2", "[0][2] dense, use 2"],
    },
    {
      name: "recurrent, 12 steps",
      net: sequential(recurrent(10), dense(4)),
      x: rows(32, 12, 5),
      names: [...uses("[0][0] dense", 12), "[1] dense"],
      others: uses("[0][0] dense", 12).slice(1),
    },
    {
      name: "maxout, shared",
      net: compose(
        "shared",
        [dense(6, { pieces: 2 }), dense(6)],
        (call, x) => call(1, call(0, call(0, x))),
      ),
      x: rows(64, 6),
      names: [...uses("[0] dense", 2), "[1] dense"],
      others: ["[0] dense, use 2"],
    },
    {
      name: "parts in another order",
      net: compose(
        "backwards",
        [dense(3), dense(5, { init }), dense(7)],
        (call, x) => call(0, ops.tanh(call(1, ops.tanh(call(2, x))))),
      ),
      x: rows(64, 9),
      names: ["[2] dense", "[1] dense", "[0] dense"],
    },
    {
      name: "concatenation at the top",
      net: concat(dense(5), sequential(dense(6), relu, dense(4)), dense(3)),
      x: rows(64, 9),
    },
    {
      name: "highway at the top",
      net: highway(sequential(dense(9), tanh), dense(9, { bias: -2 })),
      x: rows(64, 9),
    },
    {
      name: "residual with a projection",
      net: sequential(
        compose(
          "projected",
          [sequential(conv(6, 3, { padding: 1 }), relu, conv(6, 3, { padding: 1 })), conv(6, 1)],
          (call, x) => ops.add(call(0, x), call(1, x)),
        ),
        residual(sequential(relu, conv(6, 3, { padding: 1 }))),
        flatten,
        dense(3),
      ),
      x: images(),
    },
    {
      name: "U-Net",
      net: sequential(unet(), flatten, dense(3)),
      x: images(),
      names: ["[0][0] conv", "[0][2] conv", "[0][3] conv", "[2] dense"],
    },
    {
      name: "attention",
      net: sequential(attention(8), attention(8), flatten, dense(3)),
      x: rows(16, 6, 8),
    },
    {
      name: "attention, a layer of one's own",
      net: sequential(attentionByHand(8), flatten, dense(3)),
      x: rows(16, 6, 8),
      names: ["[0].q dense", "[0].k dense", "[0].v dense", "[0].out dense", "[2] dense"],
    },
    {
      name: "embedding of integers",
      net: sequential(embedding(20, 6), dense(8), relu, dense(3)),
      x: tensor(Int32Array.from({ length: 64 * 4 }, (_, i) => (i * i + 3 * i) % 20), [64, 4]),
      uncovered: ["[0].table"],
    },
    {
      name: "LSTM with weights of its own",
      net: sequential(lstm(6), dense(3)),
      x: rows(32, 7, 5),
      uncovered: ["[0].wIn", "[0].wState"],
    },
    {
      name: "one layer twice in a list",
      net: sequential(layerTwice, tanh, layerTwice),
      x: rows(64, 8),
    },
    {
      name: "one tensor at two places",
      net: sequential(dense(8), tanh, dense(8), tanh, dense(3)),
      params: (made) => {
        const [first, second, third, fourth, last] = made as readonly Params[];
        return [first!, second!, { ...third as Weights, w: (first as Weights).w }, fourth!, last!];
      },
      x: rows(64, 8),
      names: ["[0] dense", "[2] dense, weights of [0] dense", "[4] dense"],
      others: ["[2] dense, weights of [0] dense"],
    },
    {
      name: "decoder with the encoder's weights",
      net: transposed(5, 9),
      x: rows(64, 9),
      names: ["dense", "dense, use 2"],
      others: ["dense, use 2"],
    },
    {
      name: "weights used by hand, then by a layer",
      net: twoWays(8, true),
      x: rows(64, 8),
      names: ["dense, weights used before"],
      others: ["dense, weights used before"],
    },
    {
      name: "weights used by a layer, then by hand",
      net: twoWays(8, false),
      x: ops.mul(rows(64, 8), 5),
      names: ["dense", "dense, use 2"],
      others: ["dense, use 2"],
    },
    {
      name: "a unit of one's own",
      net: sequential(lowRank(12, 3), relu, dense(4)),
      x: rows(64, 8),
    },
    {
      name: "a part only for large inputs",
      net: compose(
        "sized",
        [maxPool(2), conv(4, 3), sequential(flatten, dense(3))],
        (call, x) => call(2, call(1, x.shape[1]! > 100 ? call(0, x) : x)),
      ),
      x: images(),
    },
    {
      name: "dropout, dropping",
      net: sequential(
        dense(16),
        compose(
          "again",
          [sequential(dropout(0.5), dense(16))],
          (call, x) => call(0, ops.tanh(call(0, x))),
        ),
      ),
      x: rows(64, 8),
      options: { key: key(5) },
      names: ["[0] dense", "[1][0][1] dense", "[1][0][1] dense, use 2"],
      others: ["[1][0][1] dense, use 2"],
    },
    {
      name: "inputs × 1e20",
      net: sequential(dense(8), relu, dense(3)),
      x: scaled(rows(64, 9), 1e20),
    },
    {
      name: "inputs × 1e-20",
      net: sequential(dense(8), relu, dense(3)),
      x: scaled(rows(64, 9), 1e-20),
    },
    {
      name: "inputs around 1,000",
      net: sequential(dense(8), relu, dense(3)),
      x: scaled(rows(64, 9), 0.1, 1000),
    },
    {
      name: "constant inputs",
      net: sequential(dense(8), relu, dense(3)),
      x: ops.constant(3, [64, 9]),
    },
    {
      name: "weights × 1e-20, layer by layer",
      net: sequential(...[8, 8, 8].map((n) => dense(n, { init: gaussian(1e-20) }))),
      x: rows(64, 9),
    },
    {
      name: "weights of zero",
      net: sequential(dense(8, { init: gaussian(0), bias: 0.3 }), tanh, dense(3)),
      x: rows(64, 9),
      others: ["[0] dense"],
    },
    { name: `${depth} Highway layers`, net: highways(depth), x: rows(32, 16) },
  ];
}

/** Keys for cases. */
export const WEIGHTS: Key = key(0);
