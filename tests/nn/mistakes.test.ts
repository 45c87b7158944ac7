/**
 * Typical mistakes in calls of layers and lsuv get one sentence that says what was expected and found.
 */
import { assertEquals, assertThrows } from "@std/assert";
import * as g from "../../mod.ts";

/** The library without its types, as in a REPL or in JavaScript. */
// deno-lint-ignore no-explicit-any
type Untyped = any;
const nn: Untyped = g.nn, root: Untyped = g;
const x: Untyped = g.tensor([[1, 2, 3], [4, 5, 6]]);

const MISTAKES: readonly (readonly [() => unknown, string])[] = [
  [() => nn.dense(), "dense: expected units of at least 1, found undefined"],
  [() => nn.dense("10"), 'dense: expected units of at least 1, found "10"'],
  [() => nn.conv(8), "conv: expected size of at least 1, found undefined"],
  [
    () => nn.dense(3)(x),
    "dense: expected a call with parameters and a tensor, (params, x), found a tensor alone",
  ],
  [
    () => nn.relu(x),
    "relu: expected a call with parameters and a tensor, (params, x), found a tensor alone",
  ],
  [
    () => nn.relu(),
    "relu: expected a call with parameters and a tensor, (params, x), found nothing; a layer without options is written without ()",
  ],
  [
    () => nn.sequential([nn.relu]),
    "sequential: expected layers, found an array at 0; spread a list of layers: sequential(...layers)",
  ],
  [
    () => nn.sequential(nn.gelu),
    "sequential: expected layers, found a function at 0; call it for a layer: gelu(…)",
  ],
  [() => nn.sequential(nn.dense(2), "relu"), 'sequential: expected layers, found "relu" at 1'],
  [
    () => nn.sequential(nn.dense(2)).init(x),
    "sequential: expected init(key, x) with a key and a tensor or its { shape, dtype }, found undefined as x",
  ],
  [
    () => nn.sequential(nn.dense(2)).init(0, x),
    "sequential: expected init(key, x) with a key and a tensor or its { shape, dtype }, found 0 as key",
  ],
  [
    () => nn.sequential(nn.dense(2)).init(root.key(0), [2, 3]),
    "sequential: expected init(key, x) with a key and a tensor or its { shape, dtype }, found an array as x",
  ],
  [
    () => nn.sequential(nn.dense(2))(x),
    "sequential: expected a call with parameters and a tensor, (params, x), found a tensor alone",
  ],
  [
    () => nn.dense(2).init(root.key(0)),
    "dense: expected init(key, x) with a key and a tensor or its { shape, dtype }, found undefined as x",
  ],
  [() => nn.residual(), "residual: expected layers, found undefined at 0"],
  [() => nn.dropout(), "dropout: expected a rate from 0 to below 1, found undefined"],
  [() => nn.dropout("0.5"), 'dropout: expected a rate from 0 to below 1, found "0.5"'],
  [() => {
    const n = nn.sequential(nn.dense(2));
    return n(n.init(root.key(0), x), [[1, 2, 3]]);
  }, "sequential: expected a call with parameters and a tensor, (params, x), found an array as x"],
  [() => {
    const n = nn.sequential(nn.dense(2));
    return n(x, n.init(root.key(0), x));
  }, "sequential: expected a call with parameters and a tensor, (params, x), found an array as x"],
  [
    () => root.lsuv(nn.dense(2)),
    "lsuv: expected params to be parameters, as net.init(key, x) returns them, found none",
  ],
  [
    () => {
      const n = nn.sequential(nn.dense(2));
      return root.lsuv(n, n.init(root.key(0), x));
    },
    "lsuv: expected x to be a tensor, found none",
  ],
  [
    () => {
      const n = nn.sequential(nn.dense(2));
      return root.lsuv(n, n.init(root.key(0), x), [[1, 2, 3]]);
    },
    "lsuv: expected x to be a tensor, found an array",
  ],
  [
    () => {
      const n = nn.sequential(nn.dense(2));
      return root.lsuv(n, x, n.init(root.key(0), x));
    },
    "lsuv: expected x to be a tensor, found an array",
  ],
  [
    () => root.lsuv("net", x, x),
    'lsuv: expected net to be a layer or a net, such as sequential(...), found "net"',
  ],
  [() => nn.dense(2)({}, x), "dense: expected parameters { w, b } or { w } of tensors, found {  }"],
  [
    () => nn.dense(2)(undefined, x),
    "dense: expected a call with parameters and a tensor, (params, x), found undefined as params",
  ],
  [
    () => nn.dense(2)([], x),
    "dense: expected parameters { w, b } or { w } of tensors, found an array",
  ],
  [
    () => nn.dense(2)({ w: [[1]], b: [0] }, x),
    "dense: expected parameters { w, b } or { w } of tensors, found { w, b }",
  ],
];

for (const [mistake, message] of MISTAKES) {
  Deno.test(`a mistake is named: ${String(mistake).slice(6)}`, () => {
    assertEquals(assertThrows(mistake, Error).message, message);
  });
}
