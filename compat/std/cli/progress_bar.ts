/**
 * A stand-in for `@std/cli/unstable-progress-bar`, with the same names and options, for machines
 * that cannot reach jsr.io.
 *
 * @module
 */

/** The argument of a formatter at every redraw. */
export interface ProgressBarFormatter {
  /** The time since the start, as `mm:ss`. */
  styledTime: string;
  /** The progress and the end in bytes, such as `0.40/97.66 KiB`, with two decimal places. */
  styledData: (fractions?: number) => string;
  /** The bar itself, such as `###-------`. */
  progressBar: string;
  /** Milliseconds since the start. */
  time: number;
  /** Milliseconds from the start to the redraw before. */
  previousTime: number;
  /** The progress now. */
  value: number;
  /** The progress at the redraw before. */
  previousValue: number;
  /** The progress at the end. */
  max: number;
}

/** Options of a progress bar. */
export interface ProgressBarOptions {
  /** Where the bar is written; standard error if left out. */
  writable?: WritableStream<Uint8Array>;
  /** The progress to start at; 0 if left out. */
  value?: number;
  /** The progress at the end. */
  max: number;
  /** The bar's length in characters; 50 if left out. */
  barLength?: number;
  /** The character of progress made; `#` if left out. */
  fillChar?: string;
  /** The character of progress to come; `-` if left out. */
  emptyChar?: string;
  /** Whether the bar is erased at the end; false if left out. */
  clear?: boolean;
  /** Formats the line from the bar's state; if left out, as the time, the bar and the bytes. */
  formatter?: (formatter: ProgressBarFormatter) => string;
  /** Whether `writable` stays open after the end; true if left out. */
  keepOpen?: boolean;
  /** Milliseconds between two redraws; 1000 if left out. */
  refreshMilliseconds?: number;
}

const ERASE_LINE = "\r\u001b[K";

const inBytes = ({ styledTime, progressBar, styledData }: ProgressBarFormatter): string =>
  `[${styledTime}] [${progressBar}] [${styledData()}]`;

function minutesAndSeconds(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}

const UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"] as const;

/** Two byte counts in the largest unit that the second one reaches, at least KiB. */
function formatFraction(value: number, max: number): string {
  const power = Math.max(1, UNITS.findLastIndex((_, i) => max >= 1024 ** (i + 1)) + 1);
  const [now, end] = [value, max].map((bytes) => (bytes / 1024 ** power).toFixed(2));
  return `${now}/${end} ${UNITS[power - 1]}`;
}

/** A progress line, redrawn at intervals until `stop`. */
export class ProgressBar {
  /** The progress now; assign to it. */
  value: number;
  /** The progress at the end. */
  max: number;

  #options: Required<ProgressBarOptions>;
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  #encoder = new TextEncoder();
  #timer: ReturnType<typeof setInterval>;
  #start = Date.now();
  #previousTime = 0;
  #previousValue: number;

  /** Starts a bar and draws it. */
  constructor(options: ProgressBarOptions) {
    this.#options = {
      writable: Deno.stderr.writable,
      value: 0,
      barLength: 50,
      fillChar: "#",
      emptyChar: "-",
      clear: false,
      formatter: inBytes,
      keepOpen: true,
      refreshMilliseconds: 1000,
      ...options,
    };
    this.value = this.#previousValue = this.#options.value;
    this.max = this.#options.max;
    this.#writer = this.#options.writable.getWriter();
    this.#timer = setInterval(() => this.#draw(), this.#options.refreshMilliseconds);
    this.#draw();
  }

  /** Draws the final state, or erases the line, and releases the stream. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#options.clear) await this.#write(ERASE_LINE);
    else {
      await this.#draw();
      await this.#write("\n");
    }
    if (this.#options.keepOpen) this.#writer.releaseLock();
    else await this.#writer.close();
  }

  #write(text: string): Promise<void> {
    return this.#writer.write(this.#encoder.encode(text)).catch(() => clearInterval(this.#timer));
  }

  #draw(): Promise<void> {
    const { value, max } = this, { barLength, fillChar, emptyChar, formatter } = this.#options;
    const time = Date.now() - this.#start;
    const filled = Math.trunc(Math.min(Math.max(value / max, 0), 1) * barLength);
    const line = formatter({
      styledTime: minutesAndSeconds(time),
      styledData: () => formatFraction(value, max),
      progressBar: fillChar.repeat(filled) + emptyChar.repeat(barLength - filled),
      time,
      previousTime: this.#previousTime,
      value,
      previousValue: this.#previousValue,
      max,
    });
    this.#previousTime = time;
    this.#previousValue = value;
    return this.#write(ERASE_LINE + line);
  }
}
