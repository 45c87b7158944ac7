/**
 * What tests of LSUV share: small nets and how to look at them.
 */
import {
  type LsuvOptions,
  lsuvWithReport,
  type ReportRow,
  reportRows,
  variances,
} from "../../src/init/mod.ts";
import {
  concat,
  conv,
  dense,
  dropout,
  flatten,
  highway,
  type Layer,
  maxPool,
  relu,
  residual,
  sequential,
  tanh,
} from "../../src/nn/mod.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { Params, Tensor } from "../../src/tensor.ts";
import { leaves } from "../../src/tree.ts";

/** A net of a few layers, maxout and plain, with biases that are not zero. */
export const chain = () =>
  sequential(
    conv(4, 3, { padding: 1, pieces: 2, biasInit: 0.3 }),
    maxPool(2),
    conv(6, 3, { biasInit: -0.2 }),
    relu,
    flatten,
    dense(7, { pieces: 3 }),
    dense(3),
  );

/** A net that holds one of every layer of layers. */
export const branching = () =>
  sequential(
    dropout(0.2),
    conv(6, 3, { padding: 1 }),
    sequential(relu, maxPool(2), conv(6, 1)),
    residual(sequential(conv(6, 3, { padding: 1 }), relu, conv(6, 1))),
    highway(sequential(conv(6, 1), tanh), conv(6, 1, { biasInit: -2 })),
    concat(conv(3, 1), sequential(conv(2, 1), relu)),
    flatten,
    dense(4),
  );

/** Runs LSUV under jit; the new parameters, and the report as rows. */
export async function initialized(
  run: Runtime,
  net: Layer | readonly Layer[],
  params: Params,
  x: Tensor,
  options: LsuvOptions = {},
): Promise<[Params, readonly ReportRow[]]> {
  const init = run.jit((params: Params, x: Tensor) => lsuvWithReport(net, params, x, options));
  const [scaled, report] = init(params, x);
  return [scaled, reportRows(await run.read(report))];
}

/** The variances of every unit as plain numbers, one list. */
export async function measured(
  run: Runtime,
  net: Layer | readonly Layer[],
  params: Params,
  x: Tensor,
  options: LsuvOptions = {},
): Promise<number[]> {
  const measure = run.jit((params: Params, x: Tensor) => variances(net, params, x, options));
  const found = await run.read(measure(params, x)) as readonly Float32Array[];
  return found.flatMap((values) => [...values]);
}

/** The elements of every leaf. */
export const readAll = async (run: Runtime, params: Params): Promise<Float32Array[]> =>
  await run.read(leaves<Tensor>(params)) as Float32Array[];
