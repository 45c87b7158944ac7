/**
 * The progress of a training: a bar on a terminal, plain lines elsewhere.
 *
 * @module
 */
import { grouped } from "../../src/counted.ts";
import { ProgressBar } from "@std/cli/unstable-progress-bar";
import type { Progress } from "../../src/train/mod.ts";
import { roughly } from "./format.ts";

/** Seconds between two plain lines within an epoch. */
const LINE_EVERY = 10;

/** A fraction as a percentage. */
export const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;

/** Images per second as text. */
export const speed = (imagesPerSecond: number): string =>
  `${
    imagesPerSecond < 10 ? imagesPerSecond.toFixed(1) : grouped(Math.round(imagesPerSecond))
  } images/s`;

/** Shows the progress of a training. */
export interface Reporter {
  /** Prints a line. */
  say(line: string): Promise<void>;
  /** Shows the progress, and how many seconds are left, if known. */
  progress(at: Progress, left?: number): void;
  /** Removes the bar. */
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

/** A reporter that draws a bar, and removes it for each line. */
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

/** The reporter for a terminal or for plain output; a quiet one prints nothing. */
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
