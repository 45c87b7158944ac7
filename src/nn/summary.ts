/**
 * The summary of a net: each layer's output, parameters and cost, from its graph; nothing is computed.
 *
 * @module
 */
import { showValue } from "../host_data.ts";
import { alias } from "../ops/mod.ts";
import { INSPECT, NODE_INSPECT } from "../show/symbols.ts";
import { asArg, asArgs, type Spec } from "../spec.ts";
import { topological } from "../graph.ts";
import { type Params, placeholder, type Tensor } from "../tensor.ts";
import { leaves, unflatten } from "../tree.ts";
import { showPath } from "./check.ts";
import { oneLayer } from "./compose.ts";
import type { Layer } from "./layer.ts";
import type { Summary, SummaryRow } from "./summary_row.ts";
import { formatSummary } from "./summary_text.ts";
import { type Call, traverse } from "./traverse.ts";

/** The operations of computing a tensor from its arguments. */
function countFlops(y: Tensor): number {
  const { op, args, attrs } = y;
  if (op.kind === "kernel") return op.flops(asArgs(args), asArg(y), attrs);
  return op.kind === "map" && args.length > 0 && y.dtype === "f32" ? y.size : 0;
}

/** What is computed for y, given x. */
const computedBetween = (x: Tensor, y: Tensor): Tensor[] =>
  topological([y], (t) => t === x)
    .filter((t) => t !== x && t.args.length > 0 && t.op.kind !== "view");

/** The same parameters without how they are initialized; one tensor at two places stays one. */
function withoutGraph(params: Params): Params {
  const all = leaves<Tensor>(params), given = new Map(all.map((w) => [w, placeholder(w)]));
  return unflatten<unknown, Tensor, Tensor>(params, all.map((w) => given.get(w)!)) as Params;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A layer that is running. */
interface Frame {
  readonly path: readonly (string | number)[];
  readonly depth: number;
  /** The bytes of the layers inside so far, and their outputs. */
  bytes: number;
  readonly outputs: Set<Tensor>;
}

/** Collects the rows of a net that runs. */
class Rows {
  readonly all: SummaryRow[] = [];
  readonly #names = new Map<Tensor, string>();
  readonly #seen = new Set<Tensor>();
  readonly #root: Layer;
  #frame: Frame = { path: [], depth: 0, bytes: 0, outputs: new Set() };

  constructor(root: Layer, x: Tensor) {
    this.#root = root;
    this.#names.set(x, "input");
  }

  /** The output of a layer that is called. */
  call(call: Call): Tensor {
    const { layer, params, x, part } = call, outer = this.#frame;
    // A sequence of layers is the net itself.
    if (layer === this.#root && layer.layers && !layer.flow) return call.descend(params, x);
    const path = part === undefined ? outer.path : [...outer.path, part];
    const row: Writable<SummaryRow> = {
      name: `${showPath(path)} ${layer.kind}`.trim(),
      depth: outer.depth,
      output: x,
      parameters: this.#countNew(params),
      flops: 0,
      bytes: 0,
      from: this.#sources(x),
    };
    this.all.push(row);
    const frame = { path, depth: outer.depth + 1, bytes: 0, outputs: new Set<Tensor>() };
    this.#frame = frame;
    const made = call.descend(params, x), y = made === x ? alias(made) : made;
    this.#frame = outer;
    const computed = computedBetween(x, y), isOwn = !frame.outputs.has(y) && computed.length > 0;
    row.output = { shape: y.shape, dtype: y.dtype };
    row.flops = computed.reduce((sum, t) => sum + countFlops(t), 0);
    row.bytes = frame.bytes + (isOwn ? 4 * y.size : 0);
    for (const w of leaves<Tensor>(params)) this.#seen.add(w);
    this.#names.set(y, row.name);
    outer.bytes += row.bytes;
    outer.outputs.add(y);
    return y;
  }

  /** The number of elements of parameters that no call has used. */
  #countNew(params: Params): number {
    return leaves<Tensor>(params).reduce((n, w) => n + (this.#seen.has(w) ? 0 : w.size), 0);
  }

  /** The names of the outputs that a tensor is computed from. */
  #sources(x: Tensor): string[] {
    const known = (t: Tensor) => this.#names.has(t);
    return [...new Set(topological([x], known).filter(known).map((t) => this.#names.get(t)!))];
  }
}

/** Throws TypeError unless `input` is a spec. */
function checkInput(input: unknown): asserts input is Spec {
  const { shape, dtype } = (input ?? {}) as Partial<Spec>;
  if (Array.isArray(shape) && dtype !== undefined) return;
  throw new TypeError(
    `summary: expected a net and its input, a tensor or { shape, dtype }, found ${
      showValue(input)
    } as input`,
  );
}

/**
 * Summarizes a net for inputs of a spec, as Keras does: each layer's output shape, parameters, operations and
 * memory, in execution order, layers inside others below them, and where they branch, what they take. Nets of
 * one's own are summarized like all others, since the net is traced, and nothing is computed.
 *
 * @param net A net, or a list of layers in sequence.
 * @param input An input, or the spec of one: { shape, dtype }.
 *
 * @example
 * ```ts
 * import { nn, sequential } from "@goodinit/goodinit";
 *
 * const block = sequential(nn.conv(8, 3, { padding: 1 }), nn.relu);
 * const net = sequential(nn.conv(8, 3), nn.residual(block), nn.globalAvgPool, nn.dense(10));
 * const summary = nn.summary(net, { shape: [16, 32, 32, 3], dtype: "f32" });
 * console.log(summary); // A table.
 * console.assert(summary.parameters === 224 + 584 + 90);
 * console.assert(summary.rows[3]!.name === "[1][0][0] conv" && summary.rows[3]!.depth === 2);
 * ```
 */
export function summary(net: Layer | readonly Layer[], input: Spec): Summary {
  checkInput(input);
  const layer = oneLayer(net), x = placeholder(input);
  const params = withoutGraph(layer.init(placeholder({ shape: [2], dtype: "u32" }), x));
  const rows = new Rows(layer, x);
  const y = traverse(layer, params, x, undefined, (call) => rows.call(call));
  const top = rows.all.filter(({ depth }) => depth === 0);
  const made = {
    input: { shape: input.shape, dtype: input.dtype },
    rows: rows.all,
    parameters: leaves<Tensor>(params).reduce((n, w) => n + w.size, 0),
    flops: computedBetween(x, y).reduce((sum, t) => sum + countFlops(t), 0),
    bytes: top.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  const text = () => formatSummary(made);
  return Object.defineProperties(
    { ...made, toString: text },
    {
      toString: { enumerable: false },
      [INSPECT]: { value: text },
      [NODE_INSPECT]: { value: text },
    },
  );
}
