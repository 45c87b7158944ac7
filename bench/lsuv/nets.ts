/**
 * Nets of every kind for LSUV: shared, reordered, branching, recurrent, deep, custom.
 *
 * @module
 */
import * as g from "../../mod.ts";
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
  readonly net: g.Layer;
  /** The batch. */
  readonly x: g.Tensor;
  /** Changes the parameters that `init` made, if any. */
  readonly params?: (made: g.Params) => g.Params;
  readonly options?: g.init.LsuvOptions;
  /** The names that are reported, where they differ from those of a sequential net. */
  readonly names?: readonly string[];
  /** The weights that are reported as not covered: in no layer with a `unit`. */
  readonly uncovered?: readonly string[];
  /** The units that cannot be at unit variance, by name. */
  readonly others?: readonly string[];
}

const rows = (...shape: number[]) => g.normal(g.key(1), shape);
const images = () => g.normal(g.key(2), [4, 8, 8, 2]);
const scaled = (x: g.Tensor, by: number, offset = 0) => g.ops.add(g.ops.mul(x, by), offset);

const uses = (name: string, n: number) =>
  Array.from({ length: n }, (_, i) => i ? `${name}, use ${i + 1}` : name);

/** The nets, slow ones last. */
export function nets(depth = 300): readonly Case[] {
  const twice = uses("[0] dense", 2);
  const layerTwice = dense(8);
  return [
    {
      name: "convolutions, maxout, groups",
      net: g.sequential(
        conv(4, 3, { padding: 1, pieces: 2, biasInit: 0.3 }),
        g.nn.maxPool(2),
        conv(8, 3, { groups: 4, biasInit: -0.2 }),
        g.nn.relu,
        g.nn.flatten,
        dense(7, { pieces: 3 }),
        dense(3),
      ),
      x: images(),
    },
    {
      name: "one layer twice in a row",
      net: g.nn.compose(
        "twice",
        [dense(8)],
        (call, x) => call(0, g.ops.mul(g.ops.tanh(call(0, x)), 9)),
      ),
      x: rows(64, 8),
      names: twice,
      others: twice.slice(1),
    },
    {
      name: "siamese, two halves of the input",
      net: g.nn.compose("siamese", [g.sequential(dense(8), g.nn.tanh, dense(4))], (call, x) => {
        const [batch, size] = x.shape as [number, number];
        const half = (from: number) => g.ops.slice(x, [0, from], [batch, from + size / 2]);
        return g.ops.sub(call(0, half(0)), call(0, g.ops.mul(half(size / 2), 2)));
      }),
      x: rows(64, 12),
      names: ["[0][0] dense", "[0][2] dense", "[0][0] dense, use 2", "[0][2] dense, use 2"],
      others: ["[0][0] dense, use 2", "[0][2] dense, use 2"],
    },
    {
      name: "recurrent, 12 steps",
      net: g.sequential(recurrent(10), dense(4)),
      x: rows(32, 12, 5),
      names: [...uses("[0][0] dense", 12), "[1] dense"],
      others: uses("[0][0] dense", 12).slice(1),
    },
    {
      name: "maxout, shared",
      net: g.nn.compose(
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
      net: g.nn.compose(
        "backwards",
        [dense(3), dense(5, { init }), dense(7)],
        (call, x) => call(0, g.ops.tanh(call(1, g.ops.tanh(call(2, x))))),
      ),
      x: rows(64, 9),
      names: ["[2] dense", "[1] dense", "[0] dense"],
    },
    {
      name: "concatenation at the top",
      net: g.nn.concat(dense(5), g.sequential(dense(6), g.nn.relu, dense(4)), dense(3)),
      x: rows(64, 9),
    },
    {
      name: "highway at the top",
      net: g.nn.highway(g.sequential(dense(9), g.nn.tanh), dense(9, { biasInit: -2 })),
      x: rows(64, 9),
    },
    {
      name: "residual with a projection",
      net: g.sequential(
        g.nn.compose(
          "projected",
          [
            g.sequential(conv(6, 3, { padding: 1 }), g.nn.relu, conv(6, 3, { padding: 1 })),
            conv(6, 1),
          ],
          (call, x) => g.ops.add(call(0, x), call(1, x)),
        ),
        g.nn.residual(g.sequential(g.nn.relu, conv(6, 3, { padding: 1 }))),
        g.nn.flatten,
        dense(3),
      ),
      x: images(),
    },
    {
      name: "U-Net",
      net: g.sequential(unet(), g.nn.flatten, dense(3)),
      x: images(),
      names: ["[0][0] conv", "[0][2] conv", "[0][3] conv", "[2] dense"],
    },
    {
      name: "attention",
      net: g.sequential(attention(8), attention(8), g.nn.flatten, dense(3)),
      x: rows(16, 6, 8),
    },
    {
      name: "attention, a custom layer",
      net: g.sequential(attentionByHand(8), g.nn.flatten, dense(3)),
      x: rows(16, 6, 8),
      names: ["[0].q dense", "[0].k dense", "[0].v dense", "[0].out dense", "[2] dense"],
    },
    {
      name: "embedding of integers",
      net: g.sequential(embedding(20, 6), dense(8), g.nn.relu, dense(3)),
      x: g.tensor(Int32Array.from({ length: 64 * 4 }, (_, i) => (i * i + 3 * i) % 20), [64, 4]),
      uncovered: ["[0].table"],
    },
    {
      name: "LSTM with its own weights",
      net: g.sequential(lstm(6), dense(3)),
      x: rows(32, 7, 5),
      uncovered: ["[0].wIn", "[0].wState"],
    },
    {
      name: "one layer twice in a list",
      net: g.sequential(layerTwice, g.nn.tanh, layerTwice),
      x: rows(64, 8),
    },
    {
      name: "one tensor at two places",
      net: g.sequential(dense(8), g.nn.tanh, dense(8), g.nn.tanh, dense(3)),
      params: (made) => {
        const [first, second, third, fourth, last] = made as readonly g.Params[];
        return [
          first!,
          second!,
          { ...third as g.nn.Weights, w: (first as g.nn.Weights).w },
          fourth!,
          last!,
        ];
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
      x: g.ops.mul(rows(64, 8), 5),
      names: ["dense", "dense, use 2"],
      others: ["dense, use 2"],
    },
    {
      name: "a custom unit",
      net: g.sequential(lowRank(12, 3), g.nn.relu, dense(4)),
      x: rows(64, 8),
    },
    {
      name: "a part only for large inputs",
      net: g.nn.compose(
        "sized",
        [g.nn.maxPool(2), conv(4, 3), g.sequential(g.nn.flatten, dense(3))],
        (call, x) => call(2, call(1, x.shape[1]! > 100 ? call(0, x) : x)),
      ),
      x: images(),
    },
    {
      name: "dropout, dropping",
      net: g.sequential(
        dense(16),
        g.nn.compose(
          "again",
          [g.sequential(g.nn.dropout(0.5), dense(16))],
          (call, x) => call(0, g.ops.tanh(call(0, x))),
        ),
      ),
      x: rows(64, 8),
      options: { key: g.key(5) },
      names: ["[0] dense", "[1][0][1] dense", "[1][0][1] dense, use 2"],
      others: ["[1][0][1] dense, use 2"],
    },
    {
      name: "inputs × 1e20",
      net: g.sequential(dense(8), g.nn.relu, dense(3)),
      x: scaled(rows(64, 9), 1e20),
    },
    {
      name: "inputs × 1e-20",
      net: g.sequential(dense(8), g.nn.relu, dense(3)),
      x: scaled(rows(64, 9), 1e-20),
    },
    {
      name: "inputs around 1,000",
      net: g.sequential(dense(8), g.nn.relu, dense(3)),
      x: scaled(rows(64, 9), 0.1, 1000),
    },
    {
      name: "constant inputs",
      net: g.sequential(dense(8), g.nn.relu, dense(3)),
      x: g.ops.constant(3, [64, 9]),
    },
    {
      name: "weights × 1e-20, layer by layer",
      net: g.sequential(...[8, 8, 8].map((n) => dense(n, { init: g.init.gaussian(1e-20) }))),
      x: rows(64, 9),
    },
    {
      name: "weights of zero",
      net: g.sequential(dense(8, { init: g.init.gaussian(0), biasInit: 0.3 }), g.nn.tanh, dense(3)),
      x: rows(64, 9),
      others: ["[0] dense"],
    },
    { name: `${depth} Highway layers`, net: highways(depth), x: rows(32, 16) },
  ];
}

/** Keys for cases. */
export const WEIGHTS: g.Key = g.key(0);
