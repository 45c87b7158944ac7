/**
 * The file in a folder that says which program writes there, and that it still lives.
 *
 * @module
 */
import { TaskError } from "../cli/command.ts";
import { OWNER } from "../cli/output_paths.ts";
import { parseAs, parseJson } from "../schema/read_json.ts";
import { integer, object, optional, pattern } from "../schema/schema.ts";
import { schedulerJob } from "./scheduler_job.ts";

/** Seconds after which the file is renewed, and after which one that was not is of a program that is gone. */
export const RENEWED = 15, ABANDONED = 180;

/** Another program writes to a folder. */
export class LockedError extends TaskError {
  constructor(path: string, owner: string) {
    super(`${path}: expected a folder that no other program writes to, found ${owner}`);
  }
}

/** A program that writes to a folder. */
export interface Owner {
  readonly process: number;
  readonly host: string;
  readonly since: string;
  /** Which lock it is, of all that a program has had. */
  readonly token?: string;
  /** The job of a scheduler that it runs in. */
  readonly job?: string | undefined;
}

/** A text that is shown within a line. */
const words = pattern<string>(/^\P{Cc}{1,300}$/u, "1 to 300 letters in one line");

const OWNER_SCHEMA = object<Owner>({
  process: integer({ from: 1 }),
  host: words,
  since: words,
  token: optional(words),
  job: optional(words),
});

const textOf = (owner: Owner): string => JSON.stringify(owner) + "\n";

/** The text of a folder's owner's file; undefined if there is none. */
const readText = (path: string): Promise<string | undefined> =>
  Deno.readTextFile(`${path}/${OWNER}`).catch(() => undefined);

/** The owner that a file's text names; undefined if it is not one's. */
function parseOwner(text: string | undefined): Owner | undefined {
  try {
    return text === undefined ? undefined : parseAs(OWNER_SCHEMA, parseJson(text, OWNER), OWNER);
  } catch {
    return undefined;
  }
}

/** The program that has locked a folder, in words. */
export async function describeOwner(path: string): Promise<string> {
  const owner = parseOwner(await readText(path));
  if (!owner) return "another one";
  const { process, host, since, job } = owner, within = job === undefined ? "" : ` (${job})`;
  return `process ${process} on ${host}${within}, which has done so since ${since}`;
}

/**
 * The time of the last change of a file or folder, by the clock of the machine whose disk it is on. It is opened,
 * as a network file system may tell an old time of what is not.
 */
async function changed(path: string): Promise<number> {
  using open = await Deno.open(path);
  return (await open.stat()).mtime!.getTime();
}

/** The program that has locked a folder, and when it last renewed its file; undefined where there is none. */
export async function readOwner(
  path: string,
): Promise<{ readonly owner: Owner; readonly renewed: number } | undefined> {
  const owner = parseOwner(await readText(path));
  const renewed = await changed(`${path}/${OWNER}`).catch(() => undefined);
  return owner && renewed !== undefined ? { owner, renewed } : undefined;
}

/**
 * Whether a file that is renewed while its program lives is too old; false if there is none. Its age is
 * measured with the time of a new file beside it, so that no two machines' clocks are compared.
 */
async function isAbandoned(path: string, name: string): Promise<boolean> {
  const probe = `${path}/${OWNER}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.writeTextFile(probe, "");
    return await changed(probe) - await changed(`${path}/${name}`) >= 1000 * ABANDONED;
  } catch {
    // It has just been released.
    return false;
  } finally {
    await Deno.remove(probe).catch(() => {});
  }
}

/** The file that a program makes while it evicts an owner, so that no other does; in it is its machine's name. */
export const EVICTING = `${OWNER}.evicting.tmp`;

/** Takes the right to evict; false if another program has it. */
async function mayEvict(path: string, host: string): Promise<boolean> {
  const file = `${path}/${EVICTING}`;
  try {
    await Deno.writeTextFile(file, host, { createNew: true });
    return true;
  } catch {
    // One that was killed meanwhile keeps none away for long, and none of its machine, whose lock it has lost.
    const evictor = await Deno.readTextFile(file).catch(() => undefined);
    if (evictor === host || await isAbandoned(path, EVICTING)) {
      await Deno.remove(file).catch(() => {});
    }
    return false;
  }
}

/** Removes the file of an owner that is gone, unless another program does so or is the owner by now. */
async function evict(path: string, gone: string, host: string): Promise<void> {
  if (!await mayEvict(path, host)) return;
  try {
    if (await readText(path) === gone) await Deno.remove(`${path}/${OWNER}`);
  } catch {
    // It has just been released.
  } finally {
    await Deno.remove(`${path}/${EVICTING}`).catch(() => {});
  }
}

/** Makes a file with a text, by a link, which makes it whole at once, or where there are no links by its name. */
async function makeNew(file: string, text: string): Promise<void> {
  const made = `${file}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.writeTextFile(made, text, { createNew: true });
    await Deno.link(made, file);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw error;
    await Deno.writeTextFile(file, text, { createNew: true });
  } finally {
    await Deno.remove(made).catch(() => {});
  }
}

/** Makes the owner's file; false if there is one. */
async function create(path: string, owner: Owner): Promise<boolean> {
  try {
    await makeNew(`${path}/${OWNER}`, textOf(owner));
    return true;
  } catch (error) {
    // On a full disk, or without a folder, the system's lock is in force all the same.
    return !(error instanceof Deno.errors.AlreadyExists);
  }
}

/** Writes a file's text over itself, so that it is there at every moment, unless it is another program's by now. */
function renew(file: string, text: string): void {
  try {
    if (Deno.readTextFileSync(file) !== text) return;
    using open = Deno.openSync(file, { write: true });
    open.writeSync(new TextEncoder().encode(text));
  } catch {
    // The next renewal may succeed.
  }
}

/** Renews the owner's file until disposed of, and then removes it. */
function keep(path: string, owner: Owner): Disposable {
  const file = `${path}/${OWNER}`;
  const renewal = setInterval(() => renew(file, textOf(owner)), 1000 * RENEWED);
  Deno.unrefTimer(renewal);
  return {
    [Symbol.dispose]: () => {
      clearInterval(renewal);
      try {
        // Where this program stood still for long, another may have taken the folder.
        if (Deno.readTextFileSync(file) === textOf(owner)) Deno.removeSync(file);
      } catch {
        // It could not be written, or the folder is gone.
      }
    },
  };
}

/** Attempts to make the file where other programs evict the same owner, and milliseconds between them. */
const ATTEMPTS = 100, PAUSE = 20;

/**
 * Makes this program the owner of a folder whose system's lock it has. A file of this machine is of a program
 * that is gone, since that would have the lock.
 *
 * @param host The name of this machine.
 * @throws LockedError if a program of another machine is the owner and lives.
 */
export async function own(path: string, host: string = Deno.hostname()): Promise<Disposable> {
  const since = new Date().toISOString(), token = crypto.randomUUID();
  const owner = { process: Deno.pid, host, since, token, job: schedulerJob() };
  for (let i = 0; i < ATTEMPTS; i++) {
    if (await create(path, owner)) return keep(path, owner);
    const text = await readText(path), other = parseOwner(text);
    if (text === undefined) continue;
    // An empty file is being written where there are no links.
    const isElsewhere = other ? other.host !== host : text === "";
    if (isElsewhere && !await isAbandoned(path, OWNER)) {
      if (await readText(path) === text) break;
    } else await evict(path, text, host);
    if (i > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw new LockedError(path, await describeOwner(path));
}

/** Milliseconds between two looks at another program's file. */
const LOOK = 1000;

/** The text and the time of a folder's owner's file. */
async function signOf(path: string): Promise<string> {
  const text = await readText(path);
  return text === undefined ? "" : `${text} ${await changed(`${path}/${OWNER}`).catch(() => "")}`;
}

/**
 * Whether the program that has locked a folder lives. One of this machine does, as it has the system's lock; one of
 * another machine does if it renews its file, for which this waits; false if there is none, or it is gone.
 *
 * @param host The name of this machine.
 */
export async function isAlive(
  path: string,
  signal: AbortSignal,
  host: string = Deno.hostname(),
): Promise<boolean> {
  const text = await readText(path), first = await signOf(path);
  if (text === undefined) return false;
  if (parseOwner(text)?.host === host) return true;
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, LOOK));
    const now = await signOf(path);
    if (now !== first) return now !== "";
    if (await isAbandoned(path, OWNER)) return false;
  }
  return true;
}
