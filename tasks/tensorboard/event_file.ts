/**
 * A file of TensorBoard's events in a run's folder, to which each event is appended as it happens.
 *
 * @module
 */
import { concatBytes } from "../../src/host_data.ts";
import { writeFile } from "../cli/write_file.ts";
import { TaskError } from "../cli/task_error.ts";
import { readBytes } from "../schema/read_file.ts";
import { stepOf, versionEvent } from "./event.ts";
import { decodeRecords, encodeRecord } from "./record.ts";

const EVENT_FILE = /^events\.out\.tfevents\./;

/** The file of events in a folder; undefined if there is none. */
export async function findEventFile(folder: string): Promise<string | undefined> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
    .filter((name) => EVENT_FILE.test(name) && !name.endsWith(".tmp")).sort();
  return names[0] === undefined ? undefined : `${folder}/${names[0]}`;
}

/** The events of a file, and where the first damaged record is; undefined where none is. */
function readEvents(
  bytes: Uint8Array,
): { readonly events: readonly Uint8Array[]; readonly damaged: number | undefined } {
  let damaged: number | undefined;
  const events = [...decodeRecords(bytes, (at) => void (damaged ??= at))];
  return { events, damaged };
}

/** What is known of the file at a path; undefined if there is none. */
function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** An open file of events. */
export class EventFile implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
    this.#file = Deno.openSync(path, { append: true, create: true });
  }

  /** Makes a new file. */
  static async create(folder: string, at: number): Promise<EventFile> {
    const path = `${folder}/events.out.tfevents.${
      String(Math.floor(at)).padStart(10, "0")
    }.goodinit`;
    await writeFile(path, encodeRecord(versionEvent(at)));
    return new EventFile(path);
  }

  /**
   * Continues a file after a step: what came later, or was not written to its end, is left out, so that a
   * resumed run has no event twice. What is damaged is left out too, after a line that says so.
   *
   * @param say Called with that line.
   */
  static async resume(
    path: string,
    step: number,
    say: (line: string) => void = console.error,
  ): Promise<EventFile> {
    const { events, damaged } = readEvents(await readBytes(path) ?? new Uint8Array());
    if (damaged !== undefined) {
      say(
        `${path}: expected records with their checksums, found another one at byte ${damaged}; ` +
          "what is damaged is left out",
      );
    }
    // Without the event of its format, which is the first, a file is none of TensorBoard's.
    const first = damaged === 0 || events.length === 0 ? [versionEvent(Date.now() / 1000)] : [];
    const kept = events.filter((event) => stepOf(event) <= step);
    await writeFile(path, concatBytes([...first, ...kept].map(encodeRecord)));
    return new EventFile(path);
  }

  /** Throws a {@linkcode TaskError} where the file was deleted or replaced, as events would be lost unnoticed. */
  #check(): void {
    const { dev, ino } = this.#file.statSync(), found = statOf(this.#path);
    if (found && (ino === null || found.ino === ino && found.dev === dev)) return;
    throw new TaskError(
      `${this.#path}: expected the file that events are appended to, found ${
        found ? "another of its name" : "none"
      }: it was deleted or moved meanwhile`,
    );
  }

  /** Appends an event, with one write. Throws a {@linkcode TaskError} where that is not possible. */
  append(event: Uint8Array): void {
    this.#check();
    const record = encodeRecord(event);
    try {
      for (let at = 0; at < record.length;) at += this.#file.writeSync(record.subarray(at));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new TaskError(`${this.#path}: expected to append an event, found ${why}`, { cause });
    }
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}
