/**
 * Orthonormal weights compared with PyTorch's `orthogonal_`.
 *
 * @module
 */
import { NO_LOADER } from "../../tasks/cli/mod.ts";
import { orthonormal } from "../../src/init/mod.ts";
import { key } from "../../src/random.ts";
import { open } from "../../src/runtime/mod.ts";
import { asyncMilliseconds, type Row } from "./rows.ts";

/** Inputs and outputs: square ones, one of a 3 × 3 convolution of 512 channels, a FitNet's and a classifier. */
const SIZES = [[512, 10], [432, 80], [512, 512], [4608, 512], [1024, 1024], [2048, 2048]] as const;

const ROUNDS = 3;

const SCRIPT = `
import time, torch
for n, m in [${SIZES.map(([n, m]) => `(${n}, ${m})`).join()}]:
    best = 1e9
    for _ in range(${ROUNDS}):
        w = torch.empty(n, m)
        start = time.time()
        torch.nn.init.orthogonal_(w)
        best = min(best, 1000 * (time.time() - start))
    print(best)
`;

/** Milliseconds of PyTorch for each size; empty where this Python has no PyTorch. */
async function pytorch(python: string): Promise<readonly number[]> {
  try {
    const { success, stdout } = await new Deno.Command(python, {
      args: ["-c", SCRIPT],
      env: NO_LOADER,
    }).output();
    return success ? new TextDecoder().decode(stdout).trim().split("\n").map(Number) : [];
  } catch {
    return [];
  }
}

/** The largest element of |QᵀQ - I|, over a sample of columns. */
function orthogonalityError(q: Float32Array, n: number, m: number): number {
  let worst = 0;
  for (let a = 0; a < m; a += Math.ceil(m / 32)) {
    for (let b = 0; b < m; b++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += q[i * m + a]! * q[i * m + b]!;
      worst = Math.max(worst, Math.abs(dot - (a === b ? 1 : 0)));
    }
  }
  return worst;
}

/** Milliseconds of the first matrix of a size, compiling included, and of the fastest later one. */
export async function orthonormals(device: "cpu" | "webgpu", python: string): Promise<Row[]> {
  await using run = await open({ device });
  const others = await pytorch(python), rows: Row[] = [];
  for (const [i, [n, m]] of SIZES.entries()) {
    const times: number[] = [];
    let q!: Float32Array;
    for (let round = 0; round <= ROUNDS; round++) {
      const w = orthonormal()(key(round), { count: 1, shape: [n, m], fanIn: n, fanOut: m });
      times.push(await asyncMilliseconds(async () => q = await run.read(w) as never));
    }
    rows.push({
      device,
      size: `${n} × ${m}`,
      "first, ms": times[0]!,
      "then, ms": Math.min(...times.slice(1)),
      "PyTorch, ms": others[i] ?? "not available",
      "error": orthogonalityError(q, n, m).toExponential(1),
    });
  }
  return rows;
}
