/**
 * The progress of indexing pictures: a bar on a terminal, plain lines elsewhere; and which were left out.
 *
 * @module
 */
import { ProgressBar } from "@std/cli/unstable-progress-bar";
import type { IndexObserver } from "../../images/loading/load_split.ts";
import { counted, grouped } from "../../cli/format.ts";

/** Seconds between two plain lines. */
const LINE_EVERY = 10;

/** How many pictures that were left out are named. */
const NAMED = 5;

/** An observer of indexing that must be stopped. */
export interface IndexProgress {
  readonly observer: IndexObserver;
  /** Removes the bar. */
  stop(): Promise<void>;
}

/** Shows progress on standard error. */
export function showIndexing(
  { say, terminal }: { readonly say: (line: string) => void; readonly terminal: boolean },
): IndexProgress {
  let bar: ProgressBar | undefined, current = "", reported = performance.now();
  const stop = async () => {
    await bar?.stop();
    bar = undefined;
  };
  const draw = (split: string, done: number, max: number) => {
    if (split !== current) void stop();
    current = split;
    bar ??= new ProgressBar({
      max,
      barLength: 30,
      clear: true,
      formatter: ({ styledTime, progressBar, value }) =>
        `[${styledTime}] [${progressBar}] ${split}: ${grouped(value)} of ${
          counted(max, "picture")
        }`,
    });
    bar.value = done;
  };
  const print = (split: string, done: number, total: number) => {
    if (performance.now() - reported < 1000 * LINE_EVERY) return;
    reported = performance.now();
    say(`${split}: ${grouped(done)} of ${counted(total, "picture")}`);
  };
  return { observer: { progress: terminal ? draw : print, say }, stop };
}

/** Lines about pictures that were left out: their number, and why the first ones were. */
export function leftOutLines(faults: readonly string[]): string[] {
  if (faults.length === 0) return [];
  const more = faults.length - NAMED;
  return [
    `left out ${
      counted(faults.length, "picture")
    } that cannot be read (--strict makes that an error):`,
    ...faults.slice(0, NAMED).map((fault) => `  ${fault}`),
    ...more > 0 ? [`  and ${grouped(more)} more`] : [],
  ];
}
