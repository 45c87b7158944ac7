/**
 * Showing how far a training is: a bar on a terminal, plain lines elsewhere.
 *
 * @module
 */
import { ProgressBar } from "@std/cli/unstable-progress-bar";
import type { Progress } from "../../src/train/mod.ts";
import { roughly } from "./format.ts";

/** Seconds between two plain lines within an epoch. */
const LINE_EVERY = 10;

/** A share as a percentage. */
export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** How many images a second, as text. */
export const speed = (imagesPerSecond: number): string =>
  `${imagesPerSecond < 10 ? imagesPerSecond.toFixed(1) : Math.round(imagesPerSecond)} images/s`;

/** Where training is shown. */
export interface Reporter {
  /** A line of its own. */
  say(line: string): Promise<void>;
  /** How far it is, and how many seconds are left, if known. */
  progress(at: Progress, left?: number): void;
  /** Ends what is being drawn. */
  stop(): Promise<void>;
}

function stepText({ step, steps, epoch, trainLoss, imagesPerSecond }: Progress, left?: number) {
  const text = `epoch ${epoch + 1} step ${step}/${steps} loss ${trainLoss.toFixed(4)}`;
  if (left === undefined) return text;
  return `${text} ${speed(imagesPerSecond)}, ${roughly(left)} left`;
}

/** A reporter that writes lines. */
function lineReporter(print: (line: string) => void): Reporter {
  let printed = -Infinity;
  return {
    say: (line) => Promise.resolve(print(line)),
    progress: (at, left) => {
      if (performance.now() - printed < 1000 * LINE_EVERY) return;
      printed = performance.now();
      print(stepText(at, left));
    },
    stop: () => Promise.resolve(),
  };
}

/** A reporter that draws a bar, and takes it away for each line. */
function barReporter(print: (line: string) => void): Reporter {
  let bar: ProgressBar | undefined, text = "";
  const stop = async () => {
    await bar?.stop();
    bar = undefined;
  };
  return {
    say: async (line) => {
      await stop();
      print(line);
    },
    progress: (at, left) => {
      text = stepText(at, left);
      bar ??= new ProgressBar({
        max: at.steps,
        value: at.step,
        barLength: 30,
        clear: true,
        formatter: ({ styledTime, progressBar }) => `[${styledTime}] [${progressBar}] ${text}`,
      });
      bar.value = at.step;
    },
    stop,
  };
}

/** The reporter that fits where the output goes; a quiet one says nothing. */
export function createReporter(
  { quiet, terminal, print = console.log }: {
    readonly quiet: boolean;
    readonly terminal: boolean;
    readonly print?: (line: string) => void;
  },
): Reporter {
  if (quiet) return { say: async () => {}, progress: () => {}, stop: async () => {} };
  return terminal ? barReporter(print) : lineReporter(print);
}
