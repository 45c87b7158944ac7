/**
 * The time to plan graphs of several shapes and sizes, for both devices that plan.
 *
 * @module
 */
import { grad } from "../../src/grad.ts";
import type { KernelName } from "../../src/ops/mod.ts";
import * as ops from "../../src/ops/mod.ts";
import { buildPlan } from "../../src/plan/build.ts";
import type { Policy } from "../../src/plan/plan.ts";
import { KERNELS as CPU } from "../../src/device/cpu/kernels/mod.ts";
import { WEBGPU_KERNELS } from "../../src/device/webgpu/kernels/mod.ts";
import { placeholder, type Tensor } from "../../src/tensor.ts";
import { topological } from "../../src/graph.ts";
import { milliseconds, type Row } from "./rows.ts";

/** A graph to plan. */
interface Graph {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

const POLICIES: Readonly<Record<string, Policy>> = {
  cpu: {
    access: (op, argument) => CPU[op.name as KernelName].access[argument]!,
    maxLoads: 32,
    maxBuffers: 80,
  },
  webgpu: {
    access: (op, argument) => WEBGPU_KERNELS[op.name as KernelName].access[argument]!,
    maxLoads: 31,
    maxBuffers: 64,
  },
};

const f32 = (...shape: readonly number[]) => placeholder({ shape, dtype: "f32" });

const loss = (y: Tensor) => ops.mean(ops.mul(y, y));

/** The weights of a net after a step of gradient descent. */
function training(weights: readonly Tensor[], x: Tensor, net: (w: readonly Tensor[]) => Tensor) {
  const gradient = grad((w: readonly Tensor[]) => loss(net(w)))(weights);
  return {
    inputs: [x, ...weights],
    outputs: weights.map((w, i) => ops.sub(w, ops.mul(gradient[i]!, 0.1))),
  };
}

const repeat = <T>(n: number, f: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => f(i));

/** Graphs by name, from a count of layers, steps or terms. */
const SHAPES: Readonly<Record<string, (n: number) => Graph>> = {
  chain: (n) => {
    const x = f32(8, 16);
    return {
      inputs: [x],
      outputs: [repeat(n, () => 0).reduce((y) => ops.tanh(ops.add(y, 0.1)), x)],
    };
  },
  total: (n) => {
    const terms = repeat(n, () => f32());
    return { inputs: terms, outputs: [terms.reduce((a, b) => ops.add(a, b))] };
  },
  "many outputs": (n) => {
    const terms = repeat(n, () => f32(8)), scale = f32(8);
    return { inputs: [scale, ...terms], outputs: terms.map((x) => ops.mul(ops.exp(x), scale)) };
  },
  dense: (n) => {
    const x = f32(8, 16), weights = repeat(n, () => f32(16, 16));
    return training(weights, x, (w) => w.reduce((y, w) => ops.tanh(ops.matmul(y, w)), x));
  },
  maxout: (n) => {
    const x = f32(8, 16), weights = repeat(n, () => f32(16, 32));
    return training(
      weights,
      x,
      (w) => w.reduce((y, w) => ops.max(ops.reshape(ops.matmul(y, w), [8, 2, 16]), 1), x),
    );
  },
  residual: (n) => {
    const x = f32(8, 16), weights = repeat(n, () => f32(16, 16));
    return training(
      weights,
      x,
      (w) => w.reduce((y, w) => ops.add(y, ops.maximum(ops.matmul(y, w), 0)), x),
    );
  },
  recurrent: (n) => {
    const x = f32(8, n, 16), weights = [f32(16, 16), f32(16, 16)];
    return training(weights, x, ([w, u]) => {
      const all = ops.reshape(ops.matmul(x, w!), [8, n, 16]), states: Tensor[] = [];
      let state: Tensor = ops.constant(0, [8, 16]);
      for (let t = 0; t < n; t++) {
        const own = ops.reshape(ops.slice(all, [0, t, 0], [8, t + 1, 16]), [8, 16]);
        states.push(state = ops.tanh(ops.add(own, ops.matmul(state, u!))));
      }
      return ops.stack(states, 1);
    });
  },
};

const SIZES = [1000, 3000, 10_000];

/** Milliseconds to describe each graph and to plan it, and the steps of its plan. */
export function planning(): Row[] {
  return Object.entries(SHAPES).flatMap(([shape, build]) => {
    const count = 100, each = topological(build(count).outputs).length / count;
    return SIZES.map((size): Row => {
      let graph!: Graph;
      const describing = milliseconds(() => graph = build(Math.round(size / each)));
      const row: Row = {
        shape,
        nodes: topological(graph.outputs).length,
        "describing, ms": describing,
      };
      for (const [device, policy] of Object.entries(POLICIES)) {
        let steps = 0;
        row[`${device}, ms`] = milliseconds(() => {
          steps = buildPlan(graph.inputs, graph.outputs, policy).plan.steps.length;
        });
        row[`${device}, steps`] = steps;
      }
      return row;
    });
  });
}
