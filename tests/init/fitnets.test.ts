/**
 * LSUV on every network and activation of the paper.
 */
import { assert, assertEquals } from "@std/assert";
import { gaussian, orthonormal } from "../../src/init/mod.ts";
import { ACTIVATIONS, MODELS } from "../../src/models/mod.ts";
import { key, normal } from "../../src/random.ts";
import { assertClose, forEachDevice } from "../devices.ts";
import { initialized, measured } from "./nets.ts";

const IMAGES = { fitnet1: [32, 32, 3], fitnet4: [32, 32, 3], fitnetMnist: [28, 28, 1] };
/** Weight layers, and the pieces in them under maxout. */
const UNITS = { fitnet1: [11, 9 * 2 + 5 + 1], fitnet4: [19, 17 * 2 + 5 + 1], fitnetMnist: [7, 13] };

for (const name of Object.keys(IMAGES) as (keyof typeof IMAGES)[]) {
  for (const activation of ACTIVATIONS) {
    forEachDevice(
      `lsuv() brings every layer of ${name} ${activation} to unit variance`,
      async (run) => {
        // The interpreter is too slow for orthonormal matrices of this size at every activation.
        const init = run.device === "reference" ? gaussian(0.02) : orthonormal();
        const net = MODELS[name]({ activation, init });
        const x = normal(key(1), [2, ...IMAGES[name]]);
        const params = run.jit((k: ReturnType<typeof key>) => net.init(k, x))(key(0));
        const [scaled, rows] = await initialized(run, net.layers, params, x);
        assertEquals(rows.length, UNITS[name][activation === "maxout" ? 1 : 0]);
        for (const row of rows) {
          assert(row.converged, `${row.name}, piece ${row.piece}: ${row.after}`);
        }
        const found = await measured(run, net.layers, scaled, x);
        assert(found.every((v) => Math.abs(v - 1) < 0.1), `variances ${found}`);
        assertClose(found, rows.map((row) => row.after), { relative: 1e-4 });
      },
      name === "fitnet4" && activation !== "relu" ? { devices: ["webgpu"] } : {},
    );
  }
}
