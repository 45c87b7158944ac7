/**
 * The first training step of every net, each in a new process: tracing, planning, compiling and running it.
 *
 * @module
 */
import { computeSpread } from "../measure.ts";
import { type NetName, NETS } from "../nets/mod.ts";
import { roundedMs, type Row } from "../result.ts";
import type { Bench } from "../suite.ts";
import { started } from "./start.ts";

const QUICK: readonly NetName[] = ["fitnetMnist"];

/** Each net's first step, with the caches of compiled code as they are. */
export async function* firstSteps({ quick, options }: Bench): AsyncGenerator<Row> {
  for (const net of quick ? QUICK : Object.keys(NETS) as readonly NetName[]) {
    const { batch } = NETS[net], times: number[] = [];
    for (let run = 0; run < (quick ? 1 : 2); run++) {
      const { made, stepped } = await started({ net, batch, open: options });
      times.push(stepped - made);
    }
    yield {
      suite: "first step",
      name: `${net}, batch ${batch}`,
      ms: roundedMs(computeSpread(times)),
    };
  }
}
