/**
 * The time of `lsuvFromBatches` by depth, on one fixed batch and on fresh ones.
 *
 *     deno run -P=bench bench/lsuv/batches.ts [cpu|webgpu] [depth ...]
 *
 * @module
 */
import {
  init,
  type Key,
  key,
  nn,
  normal,
  open,
  type Params,
  sequential,
  type Tensor,
} from "../../mod.ts";

const [device = "cpu", ...depths] = Deno.args;
for (const depth of depths.length ? depths.map(Number) : [50, 100, 200]) {
  const net = sequential(
    ...Array.from({ length: depth }, () => sequential(nn.dense(32), nn.tanh)),
    nn.dense(4),
  );
  const seconds: string[] = [];
  for (const fresh of [false, true]) {
    await using run = await open({ device: device as "cpu", threads: 1 });
    let drawn = 0;
    const next = () => normal(key(drawn++), [64, 32]);
    const make = run.jit((key: Key, x: Tensor) => net.init(key, x) as Params);
    const params = make(key(0), next()), began = performance.now();
    await init.lsuvFromBatches(run, net, params, next, { fresh });
    const took = ((performance.now() - began) / 1000).toFixed(2);
    seconds.push(`${fresh ? "fresh" : "kept"} ${took} s`);
  }
  console.log(`${device}, ${depth} layers: ${seconds.join(", ")}`);
}
