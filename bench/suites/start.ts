/**
 * The time from the start of a process to the end of its first training step, with and without compiled
 * code in caches.
 *
 * @module
 */
import { denoRun } from "../../tasks/cli/mod.ts";
import { childRows } from "../child.ts";
import { computeSpread, type Spread } from "../measure.ts";
import { roundedMs, type Row } from "../result.ts";
import type { NetName } from "../nets/mod.ts";
import type { Bench } from "../suite.ts";

const PROGRAM = new URL("../first_step.ts", import.meta.url).pathname;

/** Times of a start, in milliseconds since the process was spawned. */
export interface Start {
  readonly loaded: number;
  readonly opened: number;
  /** When weights and images were made. */
  readonly made: number;
  readonly stepped: number;
}

/** The caches of compiled code of Deno, Mesa and NVIDIA's driver. */
const cachesIn = (folder: string): Record<string, string> => ({
  DENO_DIR: `${folder}/deno`,
  MESA_SHADER_CACHE_DIR: `${folder}/mesa`,
  XDG_CACHE_HOME: `${folder}/cache`,
  __GL_SHADER_DISK_CACHE_PATH: folder,
});

/**
 * Starts a process that takes a training step.
 *
 * @param caches The folder of compiled code; where it is by default if left out.
 */
export async function started(work: unknown, caches?: string): Promise<Start> {
  const from = Date.now();
  const command = denoRun("measure", PROGRAM, JSON.stringify(work));
  const [at] = await childRows(
    command,
    caches === undefined ? {} : cachesIn(caches),
  ) as unknown as [Start];
  const since = (name: keyof Start) => at[name] - from;
  return {
    loaded: since("loaded"),
    opened: since("opened"),
    made: since("made"),
    stepped: since("stepped"),
  };
}

function startRow(name: string, starts: readonly Start[]): Row {
  const spread = (of: (start: Start) => number): Spread => roundedMs(computeSpread(starts.map(of)));
  return {
    suite: "start",
    name,
    ms: spread(({ stepped }) => stepped),
    loadedMs: spread(({ loaded }) => loaded).median,
    openedMs: spread(({ opened }) => opened).median,
  };
}

/** A cold start, a second one, after which V8 has cached its code too, and `times` warm ones. */
async function measureStarts(work: unknown, times: number) {
  const caches = await Deno.makeTempDir({ prefix: "goodinit-bench-" }), starts: Start[] = [];
  try {
    while (starts.length < 2 + times) starts.push(await started(work, caches));
  } finally {
    await Deno.remove(caches, { recursive: true });
  }
  return { cold: starts.slice(0, 1), warm: starts.slice(2) };
}

/** The first step of some nets. */
export async function* start({ quick, options }: Bench): AsyncGenerator<Row> {
  const sizes: readonly (readonly [NetName, number])[] = quick
    ? [["fitnetMnist", 16]]
    : [["fitnetMnist", 64], ["fitnet1", 128], ["fitnet4", 32]];
  for (const [net, batch] of sizes) {
    const { cold, warm } = await measureStarts({ net, batch, open: options }, quick ? 1 : 3);
    yield startRow(`${net}, batch ${batch}, cold`, cold);
    yield startRow(`${net}, batch ${batch}, warm`, warm);
  }
}
