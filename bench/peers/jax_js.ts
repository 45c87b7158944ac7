/**
 * Training steps of jax-js 0.1.25 on WebGPU.
 *
 *     deno run -P=bench bench/peers/jax_js.ts '{"net":"fitnet1","batch":128,"seconds":3}'
 *
 * Its other backends are too slow to compare: `cpu` interprets one number at a time, and `wasm` takes half a
 * minute per step.
 *
 * @module
 */
import { BLOCKS, createStart, given, MOMENTUM, type Numbers, RATE, report } from "./work.ts";

/** The part of its arrays that is used here. A call consumes its arguments; `ref` adds a reference. */
interface Tensor {
  readonly ref: Tensor;
  readonly shape: number[];
  reshape(shape: readonly number[]): Tensor;
  add(b: Tensor): Tensor;
  sub(b: Tensor): Tensor;
  mul(b: Tensor | number): Tensor;
  sum(): Tensor;
  data(): Promise<Float32Array>;
  dispose(): void;
}

type Reduce = (x: Tensor, axis?: number | number[]) => Tensor;

/** The part of the package that is used here. */
interface Jax {
  init(backend: string): Promise<string[]>;
  defaultDevice(backend: string): void;
  jit<A extends unknown[], R>(f: (...args: A) => R): (...args: A) => R;
  valueAndGrad(
    f: (params: Tensor[], ...rest: Tensor[]) => Tensor,
  ): (params: Tensor[], ...rest: Tensor[]) => [Tensor, Tensor[]];
  blockUntilReady(arrays: Tensor[]): Promise<unknown>;
  readonly lax: {
    conv(x: Tensor, w: Tensor, strides: number[], padding: "SAME"): Tensor;
    reduceWindow(x: Tensor, reduce: Reduce, window: number[], strides: number[]): Tensor;
  };
  readonly nn: {
    oneHot(labels: Tensor, classes: number): Tensor;
    logSoftmax(x: Tensor): Tensor;
  };
  readonly numpy: {
    array(data: ArrayLike<number>, options?: { dtype: unknown }): Tensor;
    zeros(shape: readonly number[]): Tensor;
    transpose(x: Tensor, axes: number[]): Tensor;
    dot(a: Tensor, b: Tensor): Tensor;
    readonly max: Reduce;
    readonly int32: unknown;
  };
}

// A name that Deno cannot resolve beforehand, so that type-checking this repository needs no registry.
const PACKAGE = "npm:@jax-js/jax@0.1.25" as string;
const jax: Jax = await import(PACKAGE), { lax, nn, numpy: np } = jax;
if (!(await jax.init("webgpu")).includes("webgpu")) {
  throw new Error("jax-js: expected the backend webgpu, found none");
}
jax.defaultDevice("webgpu");

const work = given(), start = createStart(work), blocks = BLOCKS[work.net];
if (!blocks) throw new Error(`jax-js: expected one of ${Object.keys(BLOCKS)}, found ${work.net}`);

/** Images and kernels in the layout of jax-js: channels before height and width. */
function made({ data, shape }: Numbers, biasOfConvolution = false): Tensor {
  const x = np.array(data).reshape(shape);
  if (biasOfConvolution) return x.reshape([...shape, 1, 1]);
  if (shape.length !== 4) return x;
  return jax.jit((x: Tensor) =>
    np.transpose(x, shape === start.images.shape ? [0, 3, 1, 2] : [3, 2, 0, 1])
  )(x);
}

let params = start.params.map((each, i) =>
  made(each, each.shape.length === 1 && start.params[i - 1]!.shape.length === 4)
);
let velocity = params.map((p) => np.zeros(p.shape));
const images = made(start.images);
const labels = nn.oneHot(np.array(start.labels, { dtype: np.int32 }), 10);

function maxout(x: Tensor, pieces: number): Tensor {
  const [batch, channels, ...rest] = x.shape as [number, number, ...number[]];
  return np.max(x.reshape([batch, pieces, channels / pieces, ...rest]), 1);
}

function loss(p: Tensor[], x: Tensor, y: Tensor): Tensor {
  const next = p.values(), take = () => next.next().value!;
  let h = x;
  for (const [convolutions, pool] of blocks!) {
    for (let i = 0; i < convolutions; i++) {
      h = maxout(lax.conv(h, take(), [1, 1], "SAME").add(take()), 2);
    }
    const whole = h.shape[2] === pool;
    h = whole ? np.max(h, [2, 3]) : lax.reduceWindow(h, np.max, [pool, pool], [pool, pool]);
  }
  h = maxout(np.dot(h, take()).add(take()), 5);
  const logits = np.dot(h, take()).add(take());
  return nn.logSoftmax(logits).mul(y).sum().mul(-1 / work.batch);
}

const step = jax.jit(
  (p: Tensor[], v: Tensor[], x: Tensor, y: Tensor): [Tensor[], Tensor[], Tensor] => {
    const [value, gradient] = jax.valueAndGrad(loss)(p.map((each) => each.ref), x, y);
    const next = v.map((each, i) => each.mul(MOMENTUM).add(gradient[i]!));
    return [p.map((each, i) => each.sub(next[i]!.ref.mul(RATE))), next, value];
  },
);
await report("jax-js 0.1.25", "webgpu", work, async (read) => {
  let value: Tensor;
  [params, velocity, value] = step(params, velocity, images.ref, labels.ref);
  if (!read) {
    value.dispose();
    return NaN;
  }
  await jax.blockUntilReady([...params, value]);
  return (await value.data())[0]!;
});
Deno.exit(0);
