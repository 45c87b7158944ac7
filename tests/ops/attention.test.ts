/**
 * Scaled dot-product attention, beside its formula written with loops.
 */
import { assertEquals } from "@std/assert";
import { attention } from "../../src/ops/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { assertClose, fill, forEachDevice } from "../devices.ts";

const QUERIES = 3, KEYS = 5, D = 7, E = 2;
const [q, k, v] = [fill(QUERIES * D, 1), fill(KEYS * D, 2), fill(KEYS * E, 3)] as const;

/** The attention of each query to the keys that it may see. */
function byHand(sees: (query: number, key: number) => boolean, scale = 1 / Math.sqrt(D)): number[] {
  return Array.from({ length: QUERIES }, (_, i) => {
    const scores = Array.from({ length: KEYS }, (_, j) => {
      const product = q.subarray(i * D, (i + 1) * D).reduce((t, x, d) => t + x * k[j * D + d]!, 0);
      return sees(i, j) ? Math.exp(product * scale) : 0;
    });
    const total = scores.reduce((a, b) => a + b, 0);
    return Array.from(
      { length: E },
      (_, e) => scores.reduce((t, s, j) => t + s * v[j * E + e]!, 0) / (total || 1),
    );
  }).flat();
}

const run3 = (options: Parameters<typeof attention>[3]): Tensor =>
  attention(tensor(q, [QUERIES, D]), tensor(k, [KEYS, D]), tensor(v, [KEYS, E]), options);

forEachDevice(
  "attention() divides scores by the root of the features, and sees what it may",
  async (run) => {
    const seen = Uint32Array.from(
      { length: QUERIES * KEYS },
      (_, i) => Number(i < 5 || i % 3 === 0),
    );
    seen.fill(0, 2 * KEYS);
    const mask = tensor(seen, [QUERIES, KEYS]);
    const [plain, scaled, causal, masked] = await run.read([
      run3({}),
      run3({ scale: 2 }),
      run3({ causal: true }),
      run3({ mask }),
    ]);
    assertClose(
      plain,
      byHand(() => true),
    );
    assertClose(scaled, byHand(() => true, 2));
    assertClose(causal, byHand((i, j) => j <= i));
    assertClose(masked, byHand((i, j) => seen[i * KEYS + j] === 1));
    assertEquals([...masked.slice(-E)], [0, 0], "a query that sees nothing");
  },
);
