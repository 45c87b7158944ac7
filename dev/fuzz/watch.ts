/**
 * Fuzzes a format in a process that is watched: a file that takes too long or too much memory, or ends the
 * process, is a find, and the next one goes on.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { FORMATS } from "./formats/mod.ts";
import { type Find, openFormat, recipeOf } from "./judge.ts";
import type { Counts, Span } from "./run.ts";
import type { FuzzRequest, FuzzResponse } from "./messages.ts";

/** How a format is watched. */
export interface WatchOptions {
  /** All formats. */
  readonly formats?: readonly Format[];
  /** The program that fuzzes them. */
  readonly program?: URL;
  /** Milliseconds that a file has. */
  readonly patience?: number;
  /** The most MiB of the process. */
  readonly memory?: number;
  /** Milliseconds between looks at its memory. */
  readonly every?: number;
}

const WATCH: Required<WatchOptions> = {
  formats: FORMATS,
  program: new URL("./child.ts", import.meta.url),
  patience: 20_000,
  memory: 2048,
  every: 100,
};

/** A file at which a process was ended, or ended by itself, and why; and how many before it were accepted. */
interface Ended {
  readonly file: number;
  readonly accepted: number;
  readonly fault: string;
}

function start(program: URL, request: FuzzRequest): Deno.ChildProcess {
  const flags = ["run", "-P=test", "--no-prompt", "--quiet", "--no-check"];
  return new Deno.Command(Deno.execPath(), {
    args: [...flags, program.href, JSON.stringify(request)],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** The lines of a stream. */
async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let left = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (left + text).split("\n");
    left = lines.pop()!;
    yield* lines;
  }
}

/** Why a process ended that did not say so, by its status and the first words of its errors. */
function endOf({ code, signal }: Deno.CommandStatus, errors: string): string {
  const [said = ""] = /\b(Fatal|Uncaught|panicked).*/.exec(errors) ?? [];
  return `it ends the process: ${signal ?? `exit code ${code}`} ${said}`.trim();
}

/** Runs a span in a process until it ends, or has to be ended at one of its files. */
async function runInProcess(
  span: Span,
  { program, patience, memory, every }: Required<WatchOptions>,
  found: (find: Find) => void,
): Promise<Counts | Ended> {
  const child = start(program, { ...span, memory, every });
  const errors = new Response(child.stderr).text();
  let at: Omit<Ended, "fault"> | undefined, fault: string | undefined, counts: Counts | undefined;
  const end = (why: string) => {
    fault ??= why;
    try {
      child.kill("SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const line of linesOf(child.stdout)) {
    // What a reader prints is none of this.
    if (!line.startsWith('{"kind":')) continue;
    const response: FuzzResponse = JSON.parse(line);
    clearTimeout(timer);
    if (response.kind === "end") counts = response.counts;
    else if (response.kind === "memory") end(`it takes more than ${memory} MiB`);
    else {
      timer = setTimeout(() => end("it does not end"), patience);
      if (response.kind === "find") found(response.find);
      else at = response;
    }
  }
  clearTimeout(timer);
  const status = await child.status, said = await errors;
  if (counts) return counts;
  if (!at) throw new Error(`expected a process that fuzzes, found ${endOf(status, said)}: ${said}`);
  return { file: at.file, accepted: at.accepted, fault: fault ?? endOf(status, said) };
}

/** Fuzzes a format; calls back with each find. */
export async function watchFormat(
  span: Span,
  found: (find: Find) => void,
  given: WatchOptions = {},
): Promise<Counts> {
  const options = { ...WATCH, ...given };
  let files = 0, accepted = 0;
  while (span.from + files < span.to) {
    const from = span.from + files, outcome = await runInProcess({ ...span, from }, options, found);
    accepted += outcome.accepted;
    if (!("fault" in outcome)) return { files: files + outcome.files, accepted };
    const open = await openFormat(options.formats[span.order]!), { file, fault } = outcome;
    found({ ...recipeOf(open, span.seed, span.order, file), fault });
    files = file + 1 - span.from;
  }
  return { files, accepted };
}
