/**
 * The progress of a download: a bar on a terminal, plain lines elsewhere.
 *
 * @module
 */
import { ProgressBar } from "@std/cli/unstable-progress-bar";

/** Seconds between two plain lines within a file. */
const LINE_EVERY = 10;

/** A number of bytes as text. */
export const megabytes = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** Shows downloads. */
export interface DownloadReporter {
  /** Whether the lines are seen on a terminal, where a bar can be drawn. */
  readonly terminal?: boolean;
  /** Prints a line. */
  say(line: string): void;
  /** Starts to show a file of `total` bytes. */
  show(file: string, total: number): Shown;
}

/** A file being shown. */
export interface Shown {
  /** Shows how many bytes have arrived. */
  at(bytes: number): void;
  /** Removes the bar. */
  stop(): Promise<void>;
}

const text = (file: string, bytes: number, total: number) =>
  `${file} ${megabytes(bytes)} of ${megabytes(total)}`;

function bar(file: string, max: number): Shown {
  const shown = new ProgressBar({
    max,
    barLength: 30,
    clear: true,
    formatter: ({ styledTime, progressBar, value }) =>
      `[${styledTime}] [${progressBar}] ${text(file, value, max)}`,
  });
  return { at: (bytes) => void (shown.value = bytes), stop: () => shown.stop() };
}

function lines(file: string, total: number, print: (line: string) => void): Shown {
  let reported = performance.now();
  return {
    at: (bytes) => {
      if (performance.now() - reported < 1000 * LINE_EVERY) return;
      reported = performance.now();
      print(text(file, bytes, total));
    },
    stop: async () => {},
  };
}

/** The reporter for a terminal or for plain output; a quiet one prints nothing. */
export function reportDownloads(
  { quiet, terminal, print = console.log }: {
    readonly quiet: boolean;
    readonly terminal: boolean;
    readonly print?: (line: string) => void;
  },
): DownloadReporter {
  if (quiet) return { say: () => {}, show: () => ({ at: () => {}, stop: async () => {} }) };
  return {
    terminal,
    say: print,
    show: (file, total) => terminal ? bar(file, total) : lines(file, total, print),
  };
}
